"""Words a date line is made of, in the languages we meet: tables, and one question to each.

Words are compared folded: lower case, no accents, one spelling for what Kazakh's alphabets, lazy keyboards
(a Latin `i` in «бүгiн») and transliterations write differently. A form that ends in `-` is a stem and takes
any of `ENDINGS`; every other form stands for itself.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Keyboards mix alphabets: what looks Cyrillic inside a Cyrillic word is meant so.
LOOKALIKES = str.maketrans("aceiopxykmth", "асеіорхукмтһ")
# ý is «у» in Kazakh of 2018, ı and y are «и», «й» or «ы» by alphabet, w is «у» in the oldest one.
LATIN_SPELLINGS = str.maketrans({"ý": "u", "ı": "i", "ł": "l", "ø": "o"})
LATIN_SKELETON = str.maketrans({"y": "i", "w": "u"})
UNWRITTEN = re.compile(r"['’‘ʼʻ`ٴ\u200b-\u200f\u00ad]")
CYRILLIC = re.compile(r"[\u0400-\u04ff]")

# A paragraph per language or family, January to December between bars.
MONTH_FORMS = """\
# Russian, Uzbek and Tajik in Cyrillic, Kyrgyz
январ- янв | феврал- фев февр | март- мар | апрел- апр | май- мая мае маю маем | июн- июнь | июл- июль |
август- авг | сентябр- сен сент | октябр- окт | ноябр- ноя нояб | декабр- дек

# Ukrainian
січень січн- січ | лютий лютого лют | березень березн- бер | квітень квітн- квіт | травень травн- трав |
червень червн- черв | липень липн- лип | серпень серпн- серп | вересень вересн- вер | жовтень жовтн-
жовт | листопад- лист | грудень грудн- груд

# Belarusian
студзень студзеня | лютага | сакавік сакавіка | красавік красавіка | траўня | чэрвень чэрвеня | ліпень
ліпеня | жнівень жніўня | верасень верасня | кастрычнік кастрычніка | лістапад лістапада | снежань
снежня

# Kazakh in Cyrillic, and as typed without its own letters
қаңтар- қаң кантар- | ақпан- ақп акпан- | наурыз- нау | сәуір- сәу сауір- | мамыр- мам | маусым- мау |
шілде- шіл | тамыз- там | қыркүйек- қыр қырк кыркуйек- | қазан- қаз | қараша- қар | желтоқсан- жел желт
желтоксан-

# Kazakh in Latin, alphabets of 1992, 2018 and 2021
qańtar- qańt | aqpan- aqp | naýryz- nauryz- nawryz- | sáýir- säuir- | mamyr- | maýsym- mausym- | shilde-
| tamyz- | qyrkúıek- qyrk | qazan- qaz | qarasha- | jeltoqsan- jelt

# Kazakh in Arabic script
قاڭتار- | اقپان- | ناۋرىز- | ساۋىر- | مامىر- | ماۋسىم- | شىلدە- | تامىز- | قىركۇيەك- | قازان- | قاراشا-
| جەلتوقسان-

# Bulgarian, Serbian and Macedonian in Cyrillic
януари јануар јануара | февруари фебруар фебруара | | април април- мај | | јун јуна јуни | јул јула јули
| августа | септември септембар септембра | октомври октобар октобра | ноември новембар новембра |
декември децембар децембра

# Uzbek and Azerbaijani in Latin, Turkish
yanvar- ocak oca | fevral- şubat şub | mart- | aprel- nisan nis | may- mayıs | iyun- haziran haz | iyul-
temmuz tem | avgust- avqust- ağustos ağu | sentabr- sentyabr- eylül eyl | oktabr- oktyabr- ekim eki |
noyabr- kasım kas | dekabr- aralık ara

# English, German, Dutch, the Scandinavian languages, Estonian, Indonesian
january januar januari jänner jan jaanuar | february februar februari feb feber veebruar | march märz
maart marts mars märts maret mar mär mrz mrt | april apr aprill | may mai mei maj | june juni jun juuni
| july juli jul juuli | august augustus augusti aug agustus | september sep sept | october oktober oct
okt oktoober | november nov | december dezember desember dec dez des detsember

# French, Spanish, Italian, Portuguese, Catalan, Romanian
janvier janv enero ene gennaio gen janeiro gener ianuarie ian | février fevr fev febrero febbraio
fevereiro febrer februarie | marzo março març martie | avril avr abril abr aprile aprilie | mayo maggio
mag maio maig | juin junio giugno giu junho juny iunie iun | juillet juil julio luglio lug julho juliol
iulie iul | août agosto ago agost | septembre septiembre setiembre settembre set setembro setembre
septembrie | octobre octubre ottobre ott outubro out octombrie | novembre noviembre novembro noiembrie
noi | décembre diciembre dic dicembre dezembro desembre decembrie

# Polish, Czech, Slovak, Slovene, Serbian and Croatian in Latin; listopad is October in Croatian alone
styczeń stycznia sty leden ledna januára januara siječanj siječnja | luty lutego lut únor února februára
februara veljača veljače | marzec marca březen března marec ožujak ožujka | kwiecień kwietnia kwi duben
dubna apríla travanj travnja | maja květen května mája svibanj svibnja | czerwiec czerwca cze červen
června júna juna junij lipanj lipnja | lipiec lipca lip červenec července júla jula julij srpanj srpnja
| sierpień sierpnia sie srpen srpna augusta avgust avgusta kolovoz kolovoza | wrzesień września wrz září
septembra septembar rujan rujna | październik października paź říjen října októbra oktobra oktobar |
listopad listopada listopadu novembra novembar studeni studenog studenoga | grudzień grudnia gru
prosinec prosince decembra decembar prosinac prosinca

# Hungarian, Finnish, Lithuanian, Latvian
január tammikuu tammikuuta sausio janvāris janvārī | február febr helmikuu helmikuuta vasario februārī |
március márc maaliskuu maaliskuuta kovo martā | április ápr huhtikuu huhtikuuta balandžio aprīlis aprīlī
| május máj toukokuu toukokuuta gegužės maijs maijā | június kesäkuu kesäkuuta birželio jūnijs jūnijā |
július heinäkuu heinäkuuta liepos jūlijs jūlijā | augusztus elokuu elokuuta rugpjūčio augusts augustā |
szeptember szept syyskuu syyskuuta rugsėjo septembris septembrī | október lokakuu lokakuuta spalio
oktobris oktobrī | marraskuu marraskuuta lapkričio novembris novembrī | joulukuu joulukuuta gruodžio
decembris decembrī

# Greek, Arabic
ιανουαρίου ιαν يناير | φεβρουαρίου φεβ فبراير | μαρτίου μαρ مارس | απριλίου απρ أبريل ابريل | μαΐου مايو
| ιουνίου ιουν يونيو | ιουλίου ιουλ يوليو | αυγούστου αυγ أغسطس | σεπτεμβρίου σεπ سبتمبر | οκτωβρίου οκτ
أكتوبر | νοεμβρίου νοε نوفمبر | δεκεμβρίου δεκ ديسمبر
"""
# Case endings: Russian and Ukrainian, Kazakh and Kyrgyz in three scripts, Uzbek, Turkish.
ENDINGS_AS_WRITTEN = """
а у е ом я ю ь ем ём ень ні і ем ы и ға ге қа ке га ка да де та те до дө то тө дан ден тан тен нан нен
дың дің тың тің ның нің дын дин тын тин нын нин ды ді ты ті ны ні дағы дегі тағы тегі ga ge qa ke da de
ta te dan den tan ten nan ning dyń diń tyń tiń nyń niń ni dagy degi tagy tegi nda nde دا دە تا تە دان
دەن تان تەن ى ىندا ىنىڭ نىڭ دىڭ تىڭ
"""
CROATIAN_OCTOBER = frozenset({"listopad", "listopada", "listopadu"})

DAYS_AGO = {
    0: """
        сегодня сьогодні сёння бүгін бүгинги бүгүн бугун бугин имрӯз днес днеска данас bugin búgin bügin
        bugun bugün büğin today heute hoy hoje oggi avui aujourd'hui dzisiaj dziś dnes danas idag i-dag
        tänään šodien šiandien بۇگىن
    """,
    1: """
        вчера вчора учора ўчора кеше кечээ кеча дирӯз вчера јуче keshe keşe kecha dün yesterday gestern
        ayer ontem ieri ahir hier wczoraj včera jučer juče igår eilen vakar tegnap كەشە
    """,
    2: """
        позавчера позавчора пазаўчора алдыңғыкүні бұрнағыкүні vorgestern anteayer
        anteontem avant-hier przedwczoraj předevčírem
    """,
}
FUTURE_WORDS = """
завтра послезавтра завтрашний післязавтра заўтра ертең бүрсігүні эртең эртага erteń erteñ ertaga
tomorrow morgen übermorgen demain mañana amanhã domani jutro zítra yarın утре ەرتەڭ
"""
SECONDS_IN = {
    1: """
        секунда секунды секунд секунду сек секунда- second seconds sec secs sekunde sekunden saniye
        soniya
    """,
    60: """
        минута минуты минут минуту мин минуттан хвилина хвилини хвилин хвилину хв мүнөт минут дақиқа
        daqiqa minut minút minute minutes min mins minuten minuto minutos minuti minuty dakika m مينۋت
    """,
    3600: """
        час часа часов ч година години годин годину сағат саат соат soat saat sagat saǵat hour hours hr
        hrs h stunde stunden std heure heures hora horas ora ore godzin godzinę godziny hodin uur сат
        ساعات
    """,
    86400: """
        d день дня дней сутки суток дні днів күн күндөн кун kún kün kun day days tag tage tagen jour jours
        día días dia dias giorno giorni dni gün دن كۇن
    """,
    # A week or a month ago names no day.
    0: """
        неделя недели недель неделю нед месяц месяца месяцев мес год года лет тиждень тижні тижнів
        місяць місяці місяців рік роки років апта ай жыл ҳафта хафта ой йил apta week weeks month months
        year years woche wochen monat monaten jahr jahre jahren semaine semaines mois an ans semana
        semanas mes meses año años ano anos settimana settimane mese mesi anno anni hafta ay yıl yil
    """,
}
AGO_AFTER = """
назад тому бұрын бурын buryn بۇرىن мурда мурун олдин илгари oldin önce evvel ago geleden fa atrás temu zpět
"""
AGO_BEFORE = "vor hace há před"  # not Bulgarian: its «години» are years, Ukrainian's are hours
ONE = "один одну одна одне бір бир битта bir bitta a an one ein einem einer einen un une una uno"
AND = "и і да және мен and und et y e"
# Phrases that mean one thing and must stay one token.
IL_Y_A = "il y a"
JUST_NOW_PHRASES = ("только что", "жаңа ғана", "just now")
PHRASES = (IL_Y_A, *JUST_NOW_PHRASES, "алдыңғы күні", "бұрнағы күні")

# Whose months MONTH_FORMS holds: nobody else is asked about these languages.
LANGUAGE_CODES = """
ru uk be kk ky uz tg bg sr mk az tr en de nl sv da no nb et id ms fr es it pt ca ro pl cs sk sl hr hu fi
lt lv el ar
"""

YEAR_WORDS = """
r roku г год года году гг р рік року ж жыл жылы жылғы жылдың жылдын жылдағы й йил йилнинг соли г. jyl jyly
jylǵy jılı jılğı jyldyń y yil yili yilning il m anul god godine года година جىل جىلى جىلعى
"""
# Words that stand about a date and say nothing against it.
LABELS = """
опубликовано опубликована обновлено обновлена изменено дата время публикации публикация размещено
создано добавлено просмотров просмотра просмотры просмотр в во на от с по мск msk время утра вечера дня
ночи опубліковано оновлено о об дата переглядів жарияланды жарияланған жаңартылды жаңартылған уақыты сағ
сағат саат күні рет көрсетілді қаралды қаралым оқылды жарыяланды убактысы дата soat saat sagat saǵat
published posted updated modified last on at by date time of the views view first edited created
veröffentlicht aktualisiert stand am um uhr publié mis à jour le publicado actualizado el a las às
pubblicato aggiornato il alle opublikowano godz kl klo den d st nd rd th го ші шы ші de del t z utc gmt
am pm uur om van
"""
WEEKDAYS = """
понедельник вторник среда среду четверг пятница пятницу суббота субботу воскресенье пн вт ср чт пт сб вс
понеділок вівторок середа четвер п'ятниця субота неділя нд дүйсенбі сейсенбі сәрсенбі бейсенбі жұма
сенбі жексенбі дс сс бс жм сн жс дүйшөмбү шейшемби шаршемби бейшемби жума ишемби жекшемби душанба
сешанба чоршанба пайшанба шанба якшанба dushanba seshanba chorshanba payshanba juma shanba yakshanba
dúısenbi seısenbi sársenbi beısenbi juma senbi jeksenbi düisenbi seisenbi särsenbi beisenbi jūma monday
tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun montag
dienstag mittwoch donnerstag freitag samstag sonntag mo di mi do fr sa so lundi mardi mercredi jeudi
vendredi samedi dimanche
"""


def fold(word: str) -> str:
    """The word as tables compare it."""
    plain = UNWRITTEN.sub("", word.lower())
    if CYRILLIC.search(plain):
        plain = plain.translate(LOOKALIKES)
    plain = unicodedata.normalize("NFKD", plain.translate(LATIN_SPELLINGS))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return (
        plain.translate(LATIN_SPELLINGS)
        .translate(LATIN_SKELETON)
        .replace("sh", "s")
        .replace("-", "")
        .replace(" ", "")
        or word
    )


def folded(words: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words.split())


def month_table(stems: bool) -> dict[str, int]:
    """Folded form to month number: the stems, or the forms that stand for themselves."""
    paragraphs = re.sub(r"(?m)^#.*\n", "", MONTH_FORMS).split("\n\n")
    return {
        fold(form): number
        for language in paragraphs
        for number, forms in enumerate(language.split("|"), start=1)
        for form in forms.split()
        if form.endswith("-") == stems
    }


LANGUAGES = frozenset(LANGUAGE_CODES.split())
MONTHS = month_table(stems=False)
MONTH_STEMS = month_table(stems=True)
LONGEST_ENDING = 4
ENDINGS = folded(ENDINGS_AS_WRITTEN) | {""}
DAY_OFFSETS = {word: days for days, words in DAYS_AGO.items() for word in folded(words)}
UNITS = {word: seconds for seconds, words in SECONDS_IN.items() for word in folded(words)}
FUTURE = folded(FUTURE_WORDS)
AFTER_UNIT = folded(AGO_AFTER)
BEFORE_COUNT = folded(AGO_BEFORE) | {fold(IL_Y_A)}
JUST_NOW = frozenset(map(fold, JUST_NOW_PHRASES))
ONES = folded(ONE)
ANDS = folded(AND)
YEARS = folded(YEAR_WORDS)
# What may stand between a day, its month and their year: "5th of March", «5-го марта», "5 de marzo de 2026".
BETWEEN = folded("de del of den d st nd rd th го ші шы er º ª - – — / el le")
KNOWN = (
    folded(LABELS).union(folded(WEEKDAYS), YEARS, BETWEEN, ANDS, ONES)
    | DAY_OFFSETS.keys()
    | UNITS.keys()
    | AFTER_UNIT
    | BEFORE_COUNT
    | JUST_NOW
)


@lru_cache(maxsize=8192)
def month_number(word: str) -> int | None:
    """Which month a word names, in any case form; `None` if it names none."""
    plain = fold(word)
    if number := MONTHS.get(plain):
        return number
    for cut in range(len(plain), max(2, len(plain) - LONGEST_ENDING - 1), -1):
        if (number := MONTH_STEMS.get(plain[:cut])) and plain[cut:] in ENDINGS:
            return number
    return None
