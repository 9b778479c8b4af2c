"""Tags that explain terms of the glossary on the pages where they appear."""

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from nelis.core.glossary import glossary_terms_for
from nelis.core.terms import link_first_appearances

register = template.Library()

#: Where the list of words goes. Not a thing that anybody's text can hold: it would be escaped.
PLACEHOLDER = "<!--words-->"


@register.simple_tag
def explained_terms_here() -> SafeString:
    """The place for the terms explained on the page. Without it they stand at the end."""
    return SafeString(PLACEHOLDER)


@register.tag
def explain_terms(parser: Parser, token: Token) -> "ExplainTermsNode":
    """Explain terms in what stands up to ``endexplain_terms``: ``{% explain_terms glossary="app.PageType" %}``.

    Only for a page whose type says so (``explains_terms``). No query but the first after a change of content.
    """
    given = token_kwargs(token.split_contents()[1:], parser)
    if set(given) != {"glossary"}:
        raise template.TemplateSyntaxError('explained takes glossary="app.PageType".')
    nodelist = parser.parse(("endexplain_terms",))
    parser.delete_first_token()
    return ExplainTermsNode(nodelist, given["glossary"])


class ExplainTermsNode(template.Node):
    """Renders what it holds, and explains its terms."""

    def __init__(self, nodelist: NodeList, glossary: FilterExpression) -> None:
        self.nodelist = nodelist
        self.glossary = glossary

    def render(self, context: template.Context) -> SafeString:
        """The HTML with its terms explained, and the list of them in its place."""
        html: str = self.nodelist.render(context)
        words = ""
        if getattr(context.get("page"), "explains_terms", False):
            request = context.get("request")
            known = glossary_terms_for(request, self.glossary.resolve(context))
            html, used = link_first_appearances(html, known)
            if used:
                shown = {"terms": used, "glossary": known.glossary_url(request), "in_column": PLACEHOLDER in html}
                words = render_to_string("components/explained_terms.html", shown)
        before, place, after = html.partition(PLACEHOLDER)
        # A template's own output, with nothing but tags of ours added to it.
        return mark_safe(before + words + after if place else before + words)  # noqa: S308
