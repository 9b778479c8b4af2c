from nelis.home.models.board_papers import BoardPaper, BoardPapersPage
from nelis.home.models.book import BookPage
from nelis.home.models.events import EventIndexPage, EventPage, EventSession, SessionQuestions
from nelis.home.models.governance import GovernanceBody, GovernancePage, Membership
from nelis.home.models.home import HomePage
from nelis.home.models.loaded_entries import LoadedEntry
from nelis.home.models.news import NewsIndexPage, NewsPage
from nelis.home.models.next_steps import NextStepsPage, Step
from nelis.home.models.reference import FAQ, FAQPage, GlossaryPage
from nelis.home.models.standard import ContactPage, FrameworkPage, StandardPage, VisionPoint
from nelis.home.models.timeline import TimelineEvent, TimelinePage

__all__ = [
    "FAQ",
    "BoardPaper",
    "BoardPapersPage",
    "BookPage",
    "ContactPage",
    "EventIndexPage",
    "EventPage",
    "EventSession",
    "FAQPage",
    "FrameworkPage",
    "GlossaryPage",
    "GovernanceBody",
    "GovernancePage",
    "HomePage",
    "LoadedEntry",
    "Membership",
    "NewsIndexPage",
    "NewsPage",
    "NextStepsPage",
    "SessionQuestions",
    "StandardPage",
    "Step",
    "TimelineEvent",
    "TimelinePage",
    "VisionPoint",
]
