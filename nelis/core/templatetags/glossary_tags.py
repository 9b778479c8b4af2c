"""Template tags that explain glossary terms on the pages where they appear."""

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from nelis.core.glossary import glossary_terms_for, link_first_appearances

register = template.Library()

#: Marks where the list of terms goes. No editor's text can hold it: it would be escaped.
PLACEHOLDER = "<!--words-->"


@register.simple_tag
def explained_terms_here() -> SafeString:
    """Mark the place for the list of terms explained on the page. Without it the list stands at the end."""
    return SafeString(PLACEHOLDER)


@register.tag
def explain_terms(parser: Parser, token: Token) -> "ExplainTermsNode":
    """Explain terms up to ``endexplain_terms``: ``{% explain_terms glossary="app.PageType" %}``.

    Only on pages whose type says so (``explains_terms``). One query after a change of content, none otherwise.
    """
    kwargs = token_kwargs(token.split_contents()[1:], parser)
    if set(kwargs) != {"glossary"}:
        raise template.TemplateSyntaxError('explain_terms takes glossary="app.PageType".')
    nodelist = parser.parse(("endexplain_terms",))
    parser.delete_first_token()
    return ExplainTermsNode(nodelist, kwargs["glossary"])


class ExplainTermsNode(template.Node):
    """Render the content, link the terms in it, and put the list of them in its place."""

    def __init__(self, nodelist: NodeList, glossary: FilterExpression) -> None:
        self.nodelist = nodelist
        self.glossary = glossary

    def render(self, context: template.Context) -> SafeString:
        html: str = self.nodelist.render(context)
        explanations = ""
        if getattr(context.get("page"), "explains_terms", False):
            request = context.get("request")
            glossary_terms = glossary_terms_for(request, self.glossary.resolve(context))
            html, terms = link_first_appearances(html, glossary_terms)
            if terms:
                explanations = render_to_string(
                    "components/explained_terms.html",
                    {
                        "terms": terms,
                        "glossary": glossary_terms.glossary_url(request),
                        "in_column": PLACEHOLDER in html,
                    },
                )
        before, place, after = html.partition(PLACEHOLDER)
        # A template's own output, with nothing but tags of ours added to it.
        return mark_safe(before + explanations + after if place else before + explanations)  # noqa: S308
