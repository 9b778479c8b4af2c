"""The forms of the pages on a round's responses."""

from typing import Any

from django import forms

from engagement.feedback.analysis.code_frame import CodeNode
from engagement.feedback.analysis.form_history import FormHistory
from engagement.feedback.analysis.response_workflow import Transition
from engagement.feedback.analysis.text_spans import find_spans
from engagement.feedback.models import Code, Export, Question, QuestionSet, Redaction, Response, RoundSession


def indented_choices(nodes: list[CodeNode]) -> list[tuple[int, str]]:
    """List codes as choices, each indented below its parent."""
    return [(node.code.pk, "\u2003" * node.depth + node.code.name) for node in nodes]


class TextSpanForm(forms.Form):
    """A span of an answer, and its codes or the reason to redact it, as the button says."""

    anchor = forms.ChoiceField(
        label="In the answer to", error_messages={"invalid_choice": "That answer isn’t there any more: choose again"}
    )
    words = forms.CharField(
        label="The words",
        required=False,
        strip=False,
        help_text="Copied from the answer. Leave it empty for the whole answer.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    #: Where a script saw the words being selected. Without one, the words are searched for.
    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    codes = forms.MultipleChoiceField(
        label="Codes",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "One of these codes isn’t there any more: choose again"},
    )
    reason = forms.ChoiceField(
        label="Redact the words because", required=False, choices=[("", "Choose a reason"), *Redaction.Reason.choices]
    )

    def __init__(
        self, texts: dict[str, str], history: FormHistory, nodes: list[CodeNode], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.texts = texts
        self.redacts = self.data.get("do") == "redact"
        anchors: Any = self.fields["anchor"]
        ordered = dict.fromkeys([*history.anchors(), *texts])
        anchors.choices = [(anchor, history.label(anchor)) for anchor in ordered if anchor in texts]
        codes: Any = self.fields["codes"]
        codes.choices = indented_choices(nodes)

    def clean(self) -> dict[str, Any]:
        """Check what the button needs, and find where the words stand: ``spans``."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.redacts and not cleaned.get("codes"):
            self.add_error("codes", "Choose a code")
        if self.redacts and not cleaned.get("reason"):
            self.add_error("reason", "Choose why the words are blacked out")
        if "anchor" in cleaned:
            cleaned["spans"] = self._spans(cleaned)
        return cleaned

    def _spans(self, cleaned: dict[str, Any]) -> list[tuple[int, int]]:
        text = self.texts[cleaned["anchor"]]
        words = cleaned.get("words", "").replace("\r\n", "\n")
        start, end = cleaned.get("start"), cleaned.get("end")
        # Only if they are still the words that stand in the box: somebody may have changed them since.
        if start is not None and end is not None and words and text[start:end] == words:
            return [(start, end)]
        spans = find_spans(text, words, any_case=self.redacts)
        if not spans:
            self.add_error("words", "These words don’t stand in that answer. Copy them from it")
        elif not self.redacts and len(spans) > 1:
            self.add_error("words", f"These words stand there {len(spans)} times. Copy more of what is around them")
        return spans


class CodeForm(forms.ModelForm):
    """A code: its name, what belongs under it, and where it stands. It can't stand below those ``excluded``."""

    class Meta:
        model = Code
        fields = ["name", "description", "parent", "sort_order"]
        labels = {"parent": "Below", "description": "What belongs here, and what doesn’t", "sort_order": "Position"}
        help_texts = {"description": "", "sort_order": "Codes beside each other are ordered by it, then by name."}

    def __init__(self, nodes: list[CodeNode], excluded: set[int], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = [node for node in nodes if node.code.pk not in excluded]
        parent: Any = self.fields["parent"]
        parent.queryset = Code.objects.filter(pk__in=[node.code.pk for node in allowed])
        parent.choices = [("", "Nothing: it stands at the top"), *indented_choices(allowed)]
        self.fields["sort_order"].required = False

    def clean_sort_order(self) -> int:
        return self.cleaned_data["sort_order"] or 0

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Code.objects.filter(round=self.instance.round_id, name__iexact=name).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError("There is a code of that name in this round")
        return name


class ExportForm(forms.Form):
    """Which file to make of a round's responses."""

    shape = forms.ChoiceField(label="Rows", choices=Export.Shape.choices, widget=forms.RadioSelect, initial="answers")
    format = forms.ChoiceField(label="File", choices=Export.Format.choices, widget=forms.RadioSelect, initial="csv")
    personal = forms.BooleanField(label="With the columns that say who answered", required=False)
    full = forms.BooleanField(label="With the words that are blacked out", required=False)
    reason = forms.CharField(
        label="What it is needed for",
        required=False,
        max_length=200,
        help_text="Asked for if it holds who answered, or what is blacked out. It is kept with the list of files.",
    )

    def __init__(self, *args: Any, sees_respondents: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not sees_respondents:
            for name in ("personal", "full", "reason"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Ask for a reason where the file holds who answered, or what is redacted."""
        cleaned: dict[str, Any] = super().clean() or {}
        if (cleaned.get("personal") or cleaned.get("full")) and not cleaned.get("reason", "").strip():
            self.add_error("reason", "Say what the file is needed for")
        return cleaned


class BulkMoveForm(forms.Form):
    """The next step of many responses: those ticked in the list, or all that the list has found."""

    step = forms.ChoiceField(label="Next step", error_messages={"required": "Choose the next step"})
    which = forms.ChoiceField(label="Of which responses", initial="ticked", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Why they are withheld", required=False, max_length=200, help_text="Only for that step."
    )
    response = forms.TypedMultipleChoiceField(required=False, coerce=int)

    def __init__(self, transitions: list[Transition], page: list[int], found: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.transitions = {transition.key: transition for transition in transitions}
        labels = {
            key: f"{Response.State(transition.source).label}: {transition.label}"
            for key, transition in self.transitions.items()
        }
        self._set_choices("step", [("", "Choose a step"), *labels.items()])
        everything = [("ticked", "Those that are ticked in the list"), ("page", f"All {len(page)} on this page of it")]
        if found > len(page):
            everything.append(("found", f"All {found} that were found"))
        self._set_choices("which", everything)
        self._set_choices("response", [(key, key) for key in page])
        for name in ("step", "which", "reason"):
            # The ticks stand in the table, so controls name their form.
            self.fields[name].widget.attrs["form"] = "bulk"

    def _set_choices(self, name: str, choices: list[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Ask for responses, and for the reason of a step that needs one: ``transition`` has it."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("which") == "ticked" and not cleaned.get("response") and "response" not in self.errors:
            self.add_error("which", "Tick responses in the list, or choose all of them")
        cleaned["transition"] = transition = self.transitions.get(cleaned.get("step", ""))
        if transition and transition.needs_reason and not cleaned.get("reason", "").strip():
            self.add_error("reason", "Say why they are withheld")
        return cleaned


class TakeQuestionsForm(forms.Form):
    """Questions of the question sets to take into a session of a round."""

    session = forms.ModelChoiceField(RoundSession.objects.none(), label="Session", empty_label=None)
    questions = forms.ModelMultipleChoiceField(
        Question.objects.none(),
        label="Questions",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick a question or more"},
    )

    def __init__(self, sessions: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        session: Any = self.fields["session"]
        session.queryset = sessions
        questions: Any = self.fields["questions"]
        questions.queryset = Question.objects.all()
        questions.choices = [
            (group.title, [(question.pk, str(question)) for question in group.questions.all()])
            for group in QuestionSet.objects.prefetch_related("questions")
        ]
