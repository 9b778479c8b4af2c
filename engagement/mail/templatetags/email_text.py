"""Filters for the text form of emails.

There each line of a template is a paragraph, which ``engagement.mail.render`` wraps.
"""

from django import template

register = template.Library()


@register.filter
def as_paragraph(text: str) -> str:
    """Join the lines of ``text`` with single spaces, so that a paragraph can be written over several lines.

    Use it around a paragraph that is too long for one line: ``{% filter as_paragraph %}…{% endfilter %}``.
    """
    return " ".join(text.split())
