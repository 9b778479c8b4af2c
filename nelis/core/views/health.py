"""Whether this process answers, and whether it can do its work: for load balancers and monitoring."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from nelis.core.models import ContentVersion

__all__ = ["live", "ready"]


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """200 while the process answers, whatever else is away. Restart a process that doesn’t."""
    return JsonResponse({"status": "live"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 while the process reaches its database, else 503: send it no visitors until it does."""
    try:
        connection.ensure_connection()
        ContentVersion.current()
    except DatabaseError:
        return JsonResponse({"status": "not ready", "problem": "The database does not answer."}, status=503)
    return JsonResponse({"status": "ready"})
