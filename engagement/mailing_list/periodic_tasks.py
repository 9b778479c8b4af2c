"""Periodic tasks of the mailing list, and of retention in all apps."""

from datetime import timedelta

from engagement.mail.scheduler import periodic_task
from engagement.mailing_list import erasure_log, retention, subscription_service


@periodic_task("mailing_list.resume_and_expire", timedelta(minutes=15))
def resume_and_expire() -> str:
    """End pauses that are over, and expire sign-ups that nobody confirmed."""
    return f"{subscription_service.resume_due()} resumed, {subscription_service.expire_due()} expired."


@periodic_task("mailing_list.retention", timedelta(days=1))
def run_retention() -> str:
    """Apply the rules of retention of all apps."""
    counts = retention.run()
    return "; ".join(f"{count} {words}" for words, count in counts.items() if count) or "Nothing was due."


@periodic_task("mailing_list.erasure_log", timedelta(hours=1))
def write_erasure_log() -> str:
    """Bring the file up to date by which a restored backup is put right."""
    return f"The erasure log has {erasure_log.write_log()} entries."
