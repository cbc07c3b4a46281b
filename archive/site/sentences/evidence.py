"""Where the value of a field came from."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str, str]] = {
    "from_json_ld": (
        "данные страницы для программ (JSON-LD)",
        "беттің бағдарламаларға арналған деректері (JSON-LD)",
        "what the page states for programs (JSON-LD)",
    ),
    "from_microdata": (
        "разметка внутри страницы (microdata)",
        "бет ішіндегі белгілеу (microdata)",
        "marks within the page (microdata)",
    ),
    "from_meta": (
        "служебная метка страницы (meta)",
        "беттің қызметтік белгісі (meta)",
        "the page’s head (meta)",
    ),
    "from_news_sitemap": ("карта новостей сайта", "сайттың жаңалықтар картасы", "the site’s map of news"),
    "from_sitemap": ("карта сайта", "сайт картасы", "the site’s map"),
    "from_feed": (
        "лента сайта (RSS или Atom)",
        "сайт таспасы (RSS не Atom)",
        "the site’s feed (RSS or Atom)",
    ),
    "from_listing": ("список статей на сайте", "сайттағы мақалалар тізімі", "a list of articles on the site"),
    "from_given": ("сообщено вместе со страницей", "бетпен бірге берілген", "given together with the page"),
    "from_profile": (
        "место, названное в профиле источника",
        "дереккөз профилі көрсеткен орын",
        "where the source’s profile says it stands",
    ),
    "from_model": (
        "модель, отличающая текст статьи от остального",
        "мақала мәтінін қалғанынан ажырататын модель",
        "a model that tells an article’s text from the rest",
    ),
    "from_learned": (
        "место, выученное по страницам этого источника",
        "осы дереккөздің беттерінен үйренілген орын",
        "where it was learned to stand on this source’s pages",
    ),
    "from_heading": ("заголовок на странице", "беттегі тақырып", "the heading on the page"),
    "from_title": ("название страницы (title)", "бет атауы (title)", "the page’s name (title)"),
    "from_visible": ("видимый текст страницы", "беттегі көрінетін мәтін", "what is seen on the page"),
    "from_dateline": (
        "строка с датой в начале текста",
        "мәтін басындағы күн жазылған жол",
        "the dateline the text begins with",
    ),
    "from_script": ("скрипт на странице", "беттегі скрипт", "a script on the page"),
    "from_address": ("адрес страницы", "бет мекенжайы", "the page’s address"),
    "from_byline": ("строка с именами авторов", "авторлар жазылған жол", "the line that names the authors"),
    "from_signature": (
        "подпись в начале или в конце текста",
        "мәтін басындағы не соңындағы қолтаңба",
        "the signature above or below the text",
    ),
    "from_breadcrumbs": (
        "путь к рубрике на странице",
        "беттегі айдарға апаратын жол",
        "the path to the section on the page",
    ),
    "from_section": ("рубрика", "айдар", "the section"),
    "from_tag_links": ("ссылки-метки на странице", "беттегі тег сілтемелері", "links to tags on the page"),
    "from_wall": (
        "знак платного доступа на странице",
        "беттегі ақылы қолжетімділік белгісі",
        "a sign of a paywall on the page",
    ),
    "from_text": ("текст статьи", "мақала мәтіні", "the article’s text"),
    "from_page": ("сама страница", "беттің өзі", "the page itself"),
}
