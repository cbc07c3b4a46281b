"""What announces a box of links, what ends an article, and what is said to the reader rather than told.

Phrases of the trade in the languages we meet most; each is matched at the start of a short block.
"""

from __future__ import annotations

import re


def starting_with(phrases: str) -> re.Pattern[str]:
    """A pattern for texts that begin with one of the phrases, whatever quotes or arrows stand before.

    `phrases` are regular expressions parted by semicolons and line ends.
    """
    each = [phrase.strip() for line in phrases.strip().splitlines() for phrase in line.split(";")]
    return re.compile(r"[\W_]{0,6}(?:" + "|".join(each) + r")(?!\w)", re.IGNORECASE)


# What the article itself offers to read next.
OFFERS_MORE = starting_with(
    r"""
    чита(?:йте|ть) (?:также|ещ[её]|далее|по теме|больше|подробнее)
    похожие (?:статьи|новости|материалы|записи|публикации)
    материалы по теме ; (?:новости |статьи |ещ[её] |другие (?:новости|материалы|статьи) )?по теме
    по этой теме
    смотрите (?:также|ещ[её]) ; связанные (?:новости|статьи|материалы) ; ранее по теме ; это интересно
    вам (?:также )?(?:может быть )?(?:будет )?интересно
    рекоменду(?:ем|ют|емые)(?: (?:прочитать|почитать|материалы|статьи))?
    читайте на эту тему ; в тему ; читайте в нашем ; советуем прочитать
    читайте (?:материал|в материале|подробности)
    оқи отыры[ңн]ыз? ; оқыңыз ; тағы (?:да )?оқы(?:ңыз|ңыздар)
    ұқсас (?:мақалалар|жаңалықтар|материалдар)
    тақырып(?:қа|тық)? (?:байланысты|сай|бойынша) ; сондай-ақ оқы(?:ңыз|ңыздар) ; oqı? otyryńyz
    читайте (?:також|теж) ; схожі (?:новини|статті|матеріали) ; за темою ; матеріали за темою
    дивіться також ; вас може зацікавити ; (?:прочетете|вижте) (?:още|също) ; още по темата
    свързани (?:новини|статии) ; подобни (?:новини|статии)
    related(?: (?:articles?|stor(?:y|ies)|posts?|news|content|topics?|coverage|reading|links?|items?|reads?))?
    read (?:more|also|next|this|on) ; also read ; see also ; more (?:on|about|in|like|to read|coverage)
    you (?:may|might) (?:also )?(?:like|be interested|enjoy)
    recommended(?: (?:for you|reading|articles?|stories))? ; further reading ; what to read next
    up next ; next (?:article|story|post) ; keep reading ; similar (?:articles?|posts?|stories)
    lesen sie (?:auch|mehr|hier|dazu) ; mehr (?:zum thema|dazu|aus|von|artikel|zu|über)
    auch interessant ; das könnte (?:sie|dich|ihnen) (?:auch )?(?:interessieren|gefallen) ; passend dazu
    ähnliche (?:artikel|beiträge|themen)
    weitere (?:artikel|themen|nachrichten|news|meldungen|infos|informationen|beiträge) ; weiterführende
    zum thema ; verwandte (?:artikel|themen|beiträge) ; empfohlene
    (?:à )?lire (?:aussi|également|la suite|plus) ; à lire ; voir aussi ; sur le même (?:sujet|thème)
    articles? (?:liés|similaires|connexes|recommandés) ; pour aller plus loin
    le[ae] (?:también|además|más|mais|também) ; leer (?:también|más) ; ver (?:también|además|também)
    te puede interesar ; le puede interesar
    (?:artículos|notas|noticias|artigos|notícias) relaciona[dt][oa]s
    más (?:noticias|sobre|en|información) ; te recomendamos ; también te puede ; veja (?:também|mais)
    leia (?:também|mais) ; saiba mais ; você pode gostar
    leggi anche ; potrebbe interessarti ; articoli correlati ; da leggere ; lees (?:ook|meer)
    läs (?:också|även|mer) ; les også ; læs også ; czytaj (?:też|także|więcej)
    zobacz (?:też|także|również) ; přečtěte si (?:také|také|více) ; čtěte také ; související
    mohlo by vás ; ilgili haberler ; benzer haberler ; bunlar da ilginizi
    関連(?:記事|ニュース|リンク|キーワード|情報)? ; あわせて読みたい ; おすすめ(?:記事)?
    相关(?:新闻|阅读|文章|报道) ; 推荐阅读 ; 延伸閱讀 ; 相關新聞
    관련 ?기사 ; اقرأ (?:أيضا|أيضًا|المزيد) ; مواضيع ذات صلة
    """
)

# What the site offers to everyone; no link of the article.
OFFERS_FEED = starting_with(
    r"""
    не пропустите ; ещ[её] (?:новости|материалы) ; другие (?:новости|материалы|статьи) ; don.t miss
    must read ; in other news ; editor.?s.? picks? ; most (?:read|popular|viewed) ; trending
    latest (?:news|stories|articles|posts) ; popular (?:articles|posts|stories|now) ; top stories
    explore more ; meistgelesen ; les plus lus ; mais (?:lidas|notícias|sobre) ; lesetipps?
    diğer haberler
    последние новости ; лента новостей ; популярн(?:ое|ые) ; самое (?:читаемое|популярное|интересное)
    главные новости ; новости партн[её]ров ; выбор редакции ; соңғы жаңалықтар ; что ещ[её] почитать
    топ.?\d* ; latest ; popular ; recent (?:posts|articles|news) ; newest ; recommended for you
    you missed ; новости$ ; жаңалықтар$ ; танымал ; more (?:stories|news|articles|from)
    """
)

# What heads the boxes below an article: comments, tags, sharing, the author.
ENDS_ARTICLE = starting_with(
    r"""
    оставьте (?:ответ|комментарий) ; оставить (?:комментарий|ответ) ; добавить комментарий
    (?:\d+ )?комментари(?:и|ев|й) ; обсуждение ; отправить ответ ; ваш комментарий
    пікір(?:лер)?(?: қалдыру| жазу)? ; коментар(?:і|и) ; залишити коментар ; поделиться ; бөлісу
    поширити ; теги? ; сюжеты?:? ; тэги ; метки ; об авторе ; подпис(?:ывайтесь|аться|ка)
    последние новости ; лента новостей ; популярн(?:ое|ые) ; самое (?:читаемое|популярное|интересное)
    главные новости ; новости партн[её]ров ; выбор редакции ; соңғы жаңалықтар ; оцените
    ошибка в тексте ; нашли ошибку
    leave a (?:reply|comment) ; post a comment ; add a comment ; (?:\d+ )?comments?
    join the (?:conversation|discussion) ; about the (?:author|writer)s?
    share (?:this|on|via|your|article|the) ; tags? ; topics? ; sign up ; subscribe ; newsletters?
    get (?:the latest|our) ; follow us ; stay (?:informed|connected|up to date|in the)
    support (?:us|our) ; popular ; trending now ; comment on this ; reader comments ; conversation
    leave feedback ; references ; citation ; cite this ; footnotes? ; additional information
    disclaimer
    kommentare? ; kommentieren ; diskutieren ; über den autor ; über die autorin ; zur person ; teilen
    themen ; schlagworte ; jetzt abonnieren ; newsletter
    commentaires? ; laisser un commentaire ; partager ; mots.clés ; comentarios?
    deja (?:un|tu) comentario ; compartir ; etiquetas ; deixe (?:um|seu) comentário ; compartilhe
    commenti ; lascia un commento ; condividi ; dela ; kommentarer ; yorumlar ; etiketler
    コメント ; シェア ; 评论 ; 留言 ; 댓글
    """
)

# What is said to the reader rather than told: pleas, notices, advertisements.
ADDRESSES_READER = starting_with(
    r"""
    если вы (?:нашли|заметили|обнаружили) (?:ошибку|опечатку) ; якщо ви (?:знайшли|помітили) помилку
    (?:got|have|do you have) a (?:news )?tip ; подпис(?:ывайтесь|ывайся|аться|ка|шись|шитесь)
    следите за (?:нами|нашими|новостями) ; присоединяйтесь ; больше новостей ; ещ[её] больше
    оставайтесь (?:с нами|в курсе) ; нашли ошибку ; заметили (?:ошибку|опечатку) ; увидели ошибку
    выделите (?:е[её]|текст|ошибку|фрагмент) ; сообщить об ошибке ; реклама
    (?:наш|мы в) (?:telegram|телеграм|instagram|whatsapp|канал|facebook)
    читайте (?:нас|наши|последние|больше|свежие|самые|главные) ; самое (?:важное|интересное)
    при (?:использовании|копировании|перепечатке|цитировании) ; все (?:новости|права) ; узнавайте
    будьте в курсе ; получайте ; жазылыңыз ; бізге жазылыңыз ; жарнама
    біздің (?:telegram|телеграм|instagram)
    підпис(?:уйтесь|атися|ка) ; долучайтесь ; слідкуйте ; приєднуйтесь ; читайте (?:нас|новини)
    advertis(?:e)?ments? ; sponsored ; follow (?:us|@|our|the|me|\w+ on)
    sign up (?:for|to|now|here|today) ; subscribe ; click here
    join (?:us|our|the (?:conversation|discussion)) ; download (?:the|our) app
    support (?:our|independent) ; share this ; all rights reserved
    this (?:article|story|post) (?:was )?(?:first |originally |also )?(?:appeared|published|ran)
    copyright ; ©
    get (?:the|our|more|all|unlimited|breaking|daily)\b.{0,60}(?:newsletter|inbox|app|news|stories)
    like us on ; you can (?:also )?follow ; read (?:more|the full|our) ; listen to
    watch (?:the|more|now|live|below) ; image(?: source| credit)?: ; photo(?: by| credit)?:
    report (?:this|a|an) ; stay (?:informed|connected|up to date|in the loop) ; don.t miss out
    skip (?:ad|advert|to|past) ; story continues ; article continues ; continue reading
    scroll (?:down|to) ; note to (?:readers|editors) ; we may (?:earn|receive) ; reporting by
    editing by ; additional reporting
    anzeige ; werbung ; abonnieren ; jetzt (?:abonnieren|anmelden|testen|lesen|kostenlos) ; folgen sie
    melden sie sich ; hier (?:klicken|geht|finden sie) ; mit material (?:der|von)
    lesen sie (?:auch|mehr|hier|dazu)
    diese[rs]? (?:artikel|text|beitrag|meldung|thema|kommentar|nachricht) (?:ist|wurde|erschien|im programm)
    quelle:? ; redaktionell empfohlener ; empfohlener (?:redaktioneller|externer) ; externe[rn]? inhalt
    stand:
    publicité ; abonnez-vous ; inscrivez-vous ; suivez ; publicidad ; suscr[ií]b ; síguenos
    sigue (?:a|el|toda|los|nuestro) ; únete ; publicidade ; siga (?:o|a|no|nos|as) ; inscreva-se
    assine ; pubblicità ; iscriviti ; seguici ; advertentie ; annons ; reklam(?:a|y|ı)? ; abone ol
    takip ed
    広告 ; 会員登録 ; この記事(?:を|は) ; 有料会員 ; 무단 ?전재 ; ⓒ ; 저작권 ; ▶
    """
)

# How captions and picture credits begin.
CAPTION_START = starting_with(
    r"""
    (?:фото|коллаж|сурет|иллюстрация|снимок|видео)(?: ?[:©/—–-]| с сайта| автора| из| пресс| предоставлено)
    (?:кадр|скриншот|скрин|инфографика|изображение)(?: ?[:©/—–-]| с сайта| автора| из| пресс| предоставлено)
    (?:photos?|images?|pictures?|credits?|photo credit|image credit|photograph)(?: ?[:©/|]| by\b| courtesy)
    video(?: ?[:©/|]| by\b| courtesy)
    (?:fotos?|bild|bilder|quelle|imagen|imagem|illustration|grafik)(?: ?[:©/|]| courtesy)
    (?:photo|image|picture|getty images|file photo|reuters/|afp/|ap photo|shutterstock) ; © ; \(c\)
    """
)

# A caption printed as a paragraph: no sentence after the credit.
CREDIT_END = re.compile(
    r"[/|(.,\]–—-]\s*(?:фото|коллаж|сурет|скриншот|иллюстрация|photo|foto|bild|picture|image|credit)s?\b"
    r"[^.!?]{0,60}[.)]?$",
    re.IGNORECASE,
)
SOURCE_START = re.compile(
    r"[\W_]{0,4}(?:источник|первоисточник|джерело|қайнар\s?көз|дереккөз|дерек көзі|source|quelle|fuente|fonte"
    r"|kaynak|źródło|zdroj)\s*[:：—–-]",
    re.IGNORECASE,
)
READ_ALSO_PREFIX = re.compile(
    r"[\W_]{0,6}(?:чита(?:йте|ть) (?:также|ещ[её]|по теме|далее|подробнее)|по теме|смотрите также"
    r"|читайте (?:також|теж)|оқи отыры[ңн]ы?з?|read (?:more|also|next)|also read|related|see also|more"
    r"|lesen sie (?:auch|mehr)|mehr zum thema|lire aussi|à lire (?:aussi|également)"
    r"|lee también|lea también|leer también|leia (?:também|mais)|veja também|leggi anche|lees ook"
    r"|läs (?:också|mer)|czytaj (?:też|także)|don.t miss|subscribe|watch|listen|関連記事)\s*[:：>»|—–-]",
    re.IGNORECASE,
)
# What ends the teaser of another article.
READ_ON_END = re.compile(
    r"(?:подробнее|читать (?:далее|дальше|полностью|ещ[её])|далее|толығыра[қк]|толығымен|ары қарай оқу"
    r"|докладніше|читати далі|read (?:more|on)|full story|mehr(?: lesen)?|weiterlesen|lire la suite"
    r"|leer más|leia mais|leggi tutto|lees verder|czytaj (?:więcej|dalej)|devamını oku)[\W_]{0,6}$",
    re.IGNORECASE,
)
# How links to lists of articles begin.
LEADS_TO_LIST = starting_with(
    r"""
    все (?:новости|материалы|статьи) ; (?:ещё|еще|больше) (?:новостей|новости|материалов|материалы|статей)
    барлық (?:жаңалықтар|материалдар|мақалалар) ; усі (?:новини|матеріали|статті) ; всички новини
    mehr (?:aus|von|zu|zum|zur|über) ; weitere ; alle (?:artikel|news|nachrichten|themen)
    more (?:from|on|about|in) ; all (?:news|articles|stories|topics) ; view all ; see all
    toutes? les ; tous les articles ; más (?:noticias|sobre|de) ; todas las noticias ; mais (?:notícias|sobre)
    tutte le notizie ; meer (?:over|van|uit) ; tüm haberler
    """
)
