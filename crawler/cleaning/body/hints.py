"""What the names in `class`, `id`, `role` and `itemprop` hint at, and what phrases announce.

Words of many sites and languages, none of a particular one. A hint is evidence: `scoring` decides whom
to trust.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

NAVIGATION = 1 << 0
COMMENTS = 1 << 1
RELATED = 1 << 2
SHARE = 1 << 3
ADVERT = 1 << 4
PLEA = 1 << 5
TAGS = 1 << 6
BYLINE = 1 << 7
CAPTION = 1 << 8
FURNITURE = 1 << 9
HIDDEN = 1 << 10
SIDE = 1 << 11
BODY = 1 << 12
LEAD = 1 << 13
FEED = 1 << 14
AUTHOR = 1 << 15
ASIDE = 1 << 16
FORM = 1 << 17
OFFER = 1 << 18

# Every hint by its word, in the order the body model is told of them.
HINT_NAMES = {
    "navigation": NAVIGATION,
    "comments": COMMENTS,
    "related": RELATED,
    "share": SHARE,
    "advert": ADVERT,
    "plea": PLEA,
    "tags": TAGS,
    "byline": BYLINE,
    "caption": CAPTION,
    "furniture": FURNITURE,
    "hidden": HIDDEN,
    "side": SIDE,
    "body": BODY,
    "lead": LEAD,
    "feed": FEED,
    "author": AUTHOR,
    "aside": ASIDE,
    "form": FORM,
    "offer": OFFER,
}

# What is no text of the article, wherever it stands.
BOILERPLATE = (
    NAVIGATION | COMMENTS | RELATED | SHARE | ADVERT | PLEA | TAGS | BYLINE | CAPTION | FURNITURE | HIDDEN
    | SIDE | FEED | AUTHOR | FORM
)  # fmt: skip

# How the words are written: see `Vocabulary`.
WORDS: dict[int, str] = {
    NAVIGATION: """
        nav navi navbar navigation menu* submenu megamenu breadcrumb* breadcrump* pagination pager
        paginator paging toolbar toc skip* prevnext prev-next next-prev nextprev next-post* prev-post*
        post-navigation hamburger
    """,
    COMMENTS: """
        comment comments commentlist comment-* comments-* comments* commenting kommentar* disqus*
        respond reply replies discussion* livefyre* coral* spot-im* hypercomments* cackle* cmt*
        responses
    """,
    RELATED: """
        related* relacionad* verwandt* similar* recommend* recommand* readmore read-more readalso
        read-also also-read* more-news morenews see-also seealso teaser* tease topic-teaser* *promo*
        you-may-* more-from* more-on* more-articles more-stories further-reading onward* crosslink*
        linkbox* link-box infobox-links story-links alsoread lireaussi lire-aussi inarticle-link* upnext
        up-next read-next readnext next-article outbrain* taboola* zergnet* mgid* smi2* 24smi* plista*
        contextly* yarpp* jp-relatedposts card-list
    """,
    # Of the related ones, those that say so: their links are what the article offers.
    OFFER: """
        related* relacionad* verwandt* similar* readalso read-also also-read* see-also seealso alsoread
        lireaussi lire-aussi further-reading crosslink* inarticle-link* yarpp* jp-relatedposts
        you-may-also* more-on
    """,
    SHARE: """
        =share* share sharing* sharebar* social* socials addthis* addtoany* a2a* sharedaddy ya-share*
        yashare* pluso* like likes like-btn* =fb-* facebook twitter whatsapp telegram* vkontakte follow
        follow-* soc-* socseti uptolike* reactions sns* bookmark* print-link*
    """,
    ADVERT: """
        td-a-rec* ad ads adv advert* adslot* ad-* ads-* adsbygoogle adbox adwrap* banner* banners
        sponsor* dfp* gpt* googlead* google-ad* reklam* werbung* anzeige* publicidad* pub publicite*
        annonce* promotion* promobox commercial* adfox* yandex-rtb* yap-* billboard leaderboard
        affiliate* partner-* coupon* native-ad*
    """,
    PLEA: """
        newsletter* subscri* abo-* paywall* regwall* signup* sign-up* subscription* donat* support-us
        contribution* mailchimp* piano* membership* abonn* podpiska podpis* rassylk* piano-* newsletter
        paywall offer* call-to-action cta cta-* app-promo*
    """,
    TAGS: """
        tag= tags tagcloud tag-list taglist keywords* topics topic-list article-topics hashtag* labels
        categories cat-links category-list tag-links
    """,
    BYLINE: """
        byline* by-line author authors dateline meta post-meta entry-meta article-meta metadata date
        datetime time timestamp published* publish-date pubdate post-date entry-date article-date
        article-info post-info news-info info-line views viewcount article-author* authorname
        author-name author-line post-author postmeta postinfo story-meta reading-time readtime read-time
        byline article__info kicker overline eyebrow rubric dachzeile
    """,
    AUTHOR: """
        saboxplugin* abh-* pp-author* author-bio* authorbio about-author author-box author-info
        author-profile author-description author-card author-details bio biography aboutauthor
        about-the-author authorbox* author-container author-block contributor*
    """,
    CAPTION: """
        caption* caption wp-caption-text credit credits photocredit copyright image-caption imgcaption
        img-caption figcaption legend photo-* photo image-credit picture-caption bildunterschrift
        gallery* slideshow* carousel* slider* swiper* gallery image-description media-caption bildquelle
        fotocredit source-photo video-player* player* lightbox* image-info
    """,
    FURNITURE: """
        cli-* moove* footer* footnote-nav masthead site-header =header-* topbar top-bar bottom-bar
        cookie* consent* gdpr* cmp-* popup* pop-up* modal* overlay* dialog* tooltip* login* log-in
        register search* searchform* weather* pogoda valut* kurs currency* ticker* breaking-news
        toolbar* subfooter* widget-area legal disclaimer* copyright* colophon accessibility
        audio-player* listen* article-audio tts* readspeaker* speech* feedback* rating* ratings vote*
        poll* quiz* survey* mistake* orphus* complain* report-* btn button buttons error-* print-only
        correction-form back-to-* editornote* noprint no-print notification*
    """,
    SIDE: """
        right-block left-block right-side left-side sidebar* side-bar =side= =rail= right-rail left-rail
        right-column rightcol right-col leftcol left-col =secondary= complementary marginal* col-right
        col-left
    """,
    FEED: """
        latest* recent* popular* most-* mostread* mostviewed* trending* top-news topnews top-stories
        news-feed newsfeed lenta* headlines* last-news lastnews news-list newslist feed feeds
        meistgelesen* tagesthemen hot-news more-posts recent-posts popular latest trending news-line
        newsline ranking*
    """,
    HIDDEN: """
        =hidden= =hide= visually-hidden visuallyhidden sr-only screen-reader* screenreader* assistive*
        =d-none= =invisible= a11y* u-hidden is-hidden
    """,
    LEAD: """
        preface einleitung preamble* first-paragraph leadin* lead lede leadtext lead-text standfirst*
        dek deck summary* subtitle* sub-title subheadline sub-headline subhead subheading intro
        introtext intro-text introduction teaser-text excerpt* perex* chapo* chapeau strapline abstract
        article-description post-excerpt entry-summary anons* announce* announcement vorspann*
        teasertext article-teaser article-intro article-lead* standfirst summary subtitle excerpt perex
        ingress* article-summary sottotitolo occhiello bajada copete entradilla sapo sapeau leadin
        lead-in description news-description
    """,
    BODY: """
        article-body articlebody article-content articlecontent article-text articletext entry-content
        post-content postcontent story-body storybody story-content story-text storytext post-body
        postbody post-text entry-body entry-text body-content body-text bodytext content-body
        content-text news-text newstext news-content news-body text-content main-text maintext full-text
        fulltext article-detail* detail-text article-main td-post-content single-content page-content
        rich-text richtext rte wysiwyg blog-content artikel-text artikeltext textbody text-body
        material-text js-article-body prose article__body
    """,
}
# Hidden on one size of screen, shown on another.
SHOWN_ELSEWHERE = re.compile(
    r"(?:\b(?:sm|md|lg|xl|2xl):|d-(?:sm|md|lg|xl)-)(?:block|flex|grid|inline|table|contents)"
)
# WordPress marks an article with the names of its topics, which may be any word.
TOPIC_CLASSES = ("category-", "cat-", "tag-", "topic-", "section-")
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
SEPARATORS = re.compile(r"[_\-:./]+")


class Vocabulary:
    """The words of class names by how they may stand; looked up, which is ten times faster than searching.

    Parts of a class name are told apart by hyphens. `*` at the end of a word lets it run on, `*` at the front
    lets it start anywhere; `=` at the front or end wants the name to begin or end there.
    """

    def __init__(self, words: Mapping[int, str]) -> None:
        self.names: dict[str, int] = {}
        self.parts: dict[str, int] = {}
        self.runs: dict[str, list[tuple[str, int]]] = {}
        self.starts: dict[str, list[tuple[str, bool, int]]] = {}
        self.ends: list[tuple[str, int]] = []
        self.inner: list[tuple[str, int]] = []
        for flag, spelled in words.items():
            for word in spelled.split():
                self.add(word, flag)

    def add(self, word: str, flag: int) -> None:
        core = word.strip("*=")
        if word.startswith("*"):
            self.inner.append((core, flag))
        elif word.endswith("*"):
            self.starts.setdefault(core[:2], []).append((core, word.startswith("="), flag))
        elif word.startswith("="):
            self.names[core] = self.names.get(core, 0) | flag
        elif word.endswith("="):
            self.ends.append((core, flag))
        elif "-" in core:
            self.runs.setdefault(core.partition("-")[0], []).append((f"{core}-", flag))
        else:
            self.parts[core] = self.parts.get(core, 0) | flag

    def look_up(self, name: str) -> int:
        """The flags of one class name, in lower case and hyphens."""
        found = self.names.get(name, 0)
        for word, flag in self.inner:
            if word in name:
                found |= flag
        for word, flag in self.ends:
            if name.endswith(word) and (len(name) == len(word) or name[-len(word) - 1] == "-"):
                found |= flag
        begins = 0
        for part in name.split("-"):
            found |= self.parts.get(part, 0)
            for word, at_start, flag in self.starts.get(name[begins : begins + 2], ()):
                if name.startswith(word, begins) and not (at_start and begins):
                    found |= flag
            for run, flag in self.runs.get(part, ()):
                if f"{name}-".startswith(run, begins):
                    found |= flag
            begins += len(part) + 1
        return found


VOCABULARY = Vocabulary(WORDS)
ROLES = {
    "navigation": NAVIGATION,
    "menu": NAVIGATION,
    "menubar": NAVIGATION,
    "search": FURNITURE,
    "contentinfo": FURNITURE,
    "dialog": FURNITURE,
    "alertdialog": FURNITURE,
    "banner": 0,
    "complementary": ASIDE,
    "note": 0,
}
PROPERTIES = {
    "articlebody": BODY,
    "text": BODY,
    "comment": COMMENTS,
    "author": BYLINE,
    "datepublished": BYLINE,
    "datemodified": BYLINE,
    "keywords": TAGS,
    "publisher": FURNITURE,
    "caption": CAPTION,
    "breadcrumb": NAVIGATION,
    "alternativeheadline": LEAD,
}
TAG_HINTS = {
    "nav": NAVIGATION,
    "footer": FURNITURE,
    "figcaption": CAPTION,
    "figure": CAPTION,
    "picture": CAPTION,
    "aside": ASIDE,
    "form": FORM,
    "dialog": FURNITURE,
    "time": BYLINE,
    "menu": NAVIGATION,
    "address": BYLINE,
    "button": FORM,
    "amp-sidebar": NAVIGATION,
    "caption": 0,
}


@lru_cache(maxsize=16384)
def hints_of(names: str) -> int:
    """The hints in the words of a `class` or an `id`, as flags."""
    found = 0
    for name in names[:400].split():
        found |= hints_of_name(name)
    if found & HIDDEN and SHOWN_ELSEWHERE.search(names):
        found &= ~HIDDEN
    return found


@lru_cache(maxsize=16384)
def hints_of_name(name: str) -> int:
    """The hints in one class name, however its words are joined."""
    if name.startswith(TOPIC_CLASSES):
        return 0
    return VOCABULARY.look_up(SEPARATORS.sub("-", CAMEL.sub("-", name)).lower())
