"""What tells languages of one script apart: their own letters and their most frequent words.

A row is `code | letters | words`: the letters are those beside the script's common ones (a to z in Latin, the
Russian alphabet in Cyrillic, less `NEVER_IN`), and may name a common one that is frequent only here. Two
alphabets of one language share its row.
"""

from __future__ import annotations

LATIN = """
en || the of and to in is that for it was on with as be by at from this have not are but had his they
    which you were her she has will an or their been said more who its would about after when we
de |äöüß| der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an
    werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben
    nur oder aber vor zur bis mehr durch man sein wurde
fr |àâæçéèêëîïôœùûüÿ| de la le et les des en un du une que est pour qui dans par plus pas au sur ne se
    ce il sont avec aux son cette ont mais comme été ses nous vous être elle fait leur après deux sans
es |áéíñóúü| de la que el en y a los del se las por un para con una su al lo como más pero sus le ha
    este sí porque esta entre cuando muy sin sobre también hasta hay donde desde nos durante fue años
it |àèéìòù| di che e la il un a per in una del non le della con si sono i da al come anche nel dei alla
    ha più gli dal lo delle ma questo su degli anni stato essere nella ai suo è
pt |ãáâàçéêíóôõúü| de a o que e do da em um para com não uma os no se na por mais as dos como mas ao ele
    das à seu sua ou quando muito nos já eu também só pelo pela até isso entre depois sem são foi
ca |àçéèíïòóúü·| de la i el a que en les del per un una els amb és no al dels ha més va com aquest
    aquesta són també seva dos anys però pel fins han ser sobre seu on hi
ro |ăâîșțşţ| de și în a la cu pe nu o care din să un că se este al pentru mai fi ce au fost prin ale sau
    lui după dar sunt ca această între acest până despre foarte
nl |éëïóöü| de van het een en in is dat op te zijn met voor niet aan er om ook als dan maar bij nog uit
    naar door over heeft ze wordt was hij worden deze meer werd tot dit geen ik
af |êëéôû| die van en in is het dit wat vir nie om met op sy hy sal was by hulle ek kan ook aan deur
    word te maar een haar ons gesê oor moet
sv |äåöé| och i att det som en på är av för med den till inte ett har om de från men var sig så kan vi
    han när ska under också efter eller nu sin där vid kommer hade år mot bara
da |æøåé| og i at det er en på til af for med den de som ikke har et der fra var han sig men vi kan
    efter også om hun vil skal så blev nu mod være hvor ved blevet nogle meget hvad hans siger bliver
no |æøåéò| og i det er på en til som av for at med den de har ikke et fra var han seg men vi kan etter
    også om hun vil skal så ble nå mot være hvor ved blitt noen mye hva sier blir ifølge
is |áðéíóúýþæö| og að í á sem er til við um var en af með ekki það fyrir hann hún þess þá því eru frá
    verið hafa segir
fi |äöåšž| ja on ei että se oli myös kun ovat hän mukaan mutta joka kuin tai sen ole vuonna sekä nyt jos
    vain mitä hänen jälkeen ollut joka suomen noin voi olla siitä ovat
et |äõöüšž| ja on ei et see oli ka kui mis aga ning tema oma nii või mida ole pole selle kes eesti
    pärast aasta seda siis juba veel kuid olla kõik saab nad
lv |āčēģīķļņšūž| un ir ka no ar par uz to bet kas tika kā lai pēc gan arī gada tas nav savu vai latvijas
    pie jau līdz šo būs bija viņš tikai
lt |ąčęėįšųūž| ir kad į su iš yra tai bet kaip buvo dėl apie per jo nuo ne metų kurie jis savo taip pat
    už lietuvos po būti ar prie ši šio tačiau jau
pl |ąćęłńóśźż| i w na z do się nie że to jest o od za przez po jak dla jego ale oraz który był są może
    tym już co przed tego czy tylko także będzie roku które ich lub jej ma
cs |áčďéěíňóřšťúůýž| a v se na je že s z do o to k i ve jsou pro si jako by za podle ale jeho po byl
    které který také až když nebo od která jen při roce není už co má před být
sk |áäčďéíĺľňóôŕšťúýž| a v sa na je že s z do o to k aj vo sú pre si ako by za podľa ale jeho po bol
    ktoré ktorý tiež až keď alebo od ktorá len pri roku nie už čo má pred byť
sl |čšž| in v je na se da za so z s pa ki po bi tudi od pri kot ali bil bo leta ni le lahko še kar pred
    zaradi tako
hr |čćđšž| i u je na se da za su od s ne o a će kao to koji iz do bi što je bio po ili sve nije samo
    koja godine prema još nakon kako nema dok
sq |çë| të e në dhe një për me që i nga është u më ka se si do nuk tij kjo janë ishte por edhe ky kanë
    pas
hu |áéíóöőúüű| a az és hogy nem is egy meg ez volt csak már még van de el ha mint azt után szerint ki
    ezt vagy lesz minden között pedig akkor így nagyon
tr |âçğıîöşüû| ve bir bu için ile da de olarak olan çok daha sonra gibi kadar ne var değil olduğu dedi
    ancak göre yeni her ise tarafından ama en büyük o türkiye oldu ya hem ki diye yıl bin etti
az |çəğıöşüq| və bir bu ki ilə üçün da də olan olub edib edir isə daha sonra görə bildirib onun
    azərbaycan deyib ilin üzrə barədə həm olaraq edilib çox o qeyd ən
uz |q| va bilan uchun bu bir ham bo'yicha edi bo'lgan deb emas yil kerak o'zbekiston haqida qilish
    mumkin lekin ular shu tomonidan esa u har bo'lib xabar berdi ushbu o'z deya yili qildi
tk |äçňöşüýž| we bilen bu bir üçin hem da de boldy türkmenistanyň bolan onuň ýaly etmek ýylyň döwlet
kk |áäǵğıńñóöúüūýşq| jáne jäne dep bul men úshin üşın üşin bolyp bolıp qazaqstan qazaq týraly turaly
    boıynsha boiynşa edi emes osy sol bar da de óz öz bolady retinde jyl jyly aıtty deıin deiın keıin
    keiın bir eki pen qr respýblıkasy respublikasy sondaı ár är búgin bügin eki ǵana ğana tıis kún kün
    el eldiń elimizdiń qala qalasy oblysy týǵan arqyly retınde ol bolǵan bolğan etti dedi habarlaıdy
    habarlaidy
id || yang dan di dengan untuk dari dalam ini pada tidak itu adalah akan juga ke karena oleh bisa ada
    mereka telah sebagai lebih bahwa tersebut saat kata para tahun sudah atau menjadi dia
ms || yang dan di dengan untuk dari dalam ini pada tidak itu adalah akan juga ke kerana oleh boleh ada
    mereka telah sebagai lebih bahawa tersebut beliau kata para tahun daripada atau menjadi ialah turut
    serta selepas berkata
vi |àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ| và của là có được cho các không
    người trong với một những này để khi đã ở đến từ năm về tại ra như
tl |ñ| ang ng sa na mga at ay si ni hindi para kay ito niya siya may naman pa po ko mo kanyang nang
sw || ya na wa kwa katika ni la za kuwa hiyo huo cha hayo alisema yake hilo baada ambao pia kama huyo
    wake vya watu lakini hii kutoka
zu || ukuthi futhi kanye uma ngoba kodwa le lo la ku nge abantu njengoba lapho kusho nokuthi uthe ngo
    kule emva wathi zonke yakhe ngokusho
xh || ukuba kunye xa kwaye kodwa okanye ukuze apho kule ngexesha abantu ngokuba into yokuba wathi ukuya
so || iyo oo ka ku in ee waa la ayaa uu si ah soo ay loo waxaa leh isaga kale badan
eu |ñ| eta da ez dira bat du izan egin dute ere zen baina hori dela edo beste gaur urte
ga |áéíóú| agus an na ar is le go do tá ag bhí sé sa leis nach seo
cy |âêîôûŵŷ| y yn a i o ac ar mae wedi fod yr bod gan am gyda eu hyn ei oedd
mt |ċġħż| li ta il f u biex minn għal dan din kien huwa mill jew hija
eo |ĉĝĥĵŝŭ| la kaj de en estas al por kun ne mi tio kiu ankaŭ
"""

CYRILLIC = """
ru || сегодня этого этом сообщили словам тысяч области и в на не что с по это как он к из за от его для
    так но а о же у до или при был также только все году который она было они об я мы которые после
    чтобы будет если лет более
uk |іїєґ| і в на не що з до та про у за як це його для від але по й був також році які який було є або
    вже буде лише після вони при під час цього бути має
be |іў| і ў на не што з да па як гэта яго для але за ад пра быў таксама гэтага было якія які годзе гэтым
    яны або ён пасля каб
bg || днес която които което който една един над тази този със години и на да за не се от в с че по са е
    ще като до при това който му най които беше има след или бъде част само го към през обаче няма още
    може година
sr |ђјљњћџ| и у је на се да за су од не о а ће као то који из до би што био по или све није само која
    године према још након како
mk |ѓѕјљњќџ| и на во да се од за не со што е ги ќе како го до ја дека беше по кој која или нема но
    според при година
kk |әғқңөұүһі| және да де бұл мен үшін бойынша деп болып емес қазақстан осы сол бар өз болады жыл жылы
    айтты дейін кейін бір екі туралы ретінде ол деген еді енді ғана ал ең қазақ көп жоқ болған пен
    республикасы арқылы сондай әр бүгін туындаған хабарлайды
ky |ңөү| жана бул менен үчүн боюнча деп болуп эмес кыргызстан ошол бар өз болот жыл жылы айтты чейин
    кийин бир эки тууралуу катары ал деген эле эми гана кыргыз көп жок болгон аркылуу бүгүн
uz |ўқғҳ| ва билан учун бу бир ҳам бўйича эди бўлган деб эмас йил керак ўзбекистон ҳақида қилиш мумкин
    лекин улар шу томонидан эса у ҳар бўлиб хабар берди ушбу ўз
tg |ғӣқӯҳҷ| ва дар ба аз ки бо барои ин он аст ҳам то кард соли шуд мебошад тоҷикистон худ ҷумҳурии вале
    буд мардум ҳар
mn |өү| нь байна юм бол энэ тэр ба болон гэж улсын монгол онд байгаа хийх гэсэн хүн байсан тухай оны
    дээр түүний эсвэл боловч үед
tt |әөүҗңһ| һәм белән бу бер өчен дә да дип булган татарстан икән иде ул бик кеше көне елда буенча
    турында соң безнең
ba |әғҙҡңөҫүһ| һәм менән был бер өсөн лә тип булған башҡортостан ине ул бик кеше көнө йылда буйынса
    тураһында һуң
cv |ӑӗҫӳ| тата та ҫак пӗр чӑваш ҫул тесе пулнӑ вӑл унӑн ҫинче
"""

ARABIC = """
ar |ةأإؤئىآء| في من على إلى أن عن التي الذي هذا مع كان قال بعد هذه ما بين لا كما قد أو ذلك
fa |پچژگکیآئ| و در به از که این را با است برای آن یک تا شد خود می کرد هم شده بر باید
ur |ٹڈڑںےہھپچگکیآئ| کے کی میں اور سے کا نے کو ہے کہ پر اس یہ بھی ہیں تھا جو
ps |ښځټډړږڼۍېګپچکی| د په چې او له ته کې سره دی هم يې شوي کړي
kk |ۇڭەۋىگپچٴءۆ| جانە بۇل مەن ٴۇشىن ءۇشىن بويىنشا دەپ بولىپ ەمەس قازاقستان قازاق وسى سول بار دا دە ٴوز
    ءوز جىل جىلى كەيىن ٴبىر ءبىر تۋرالى ول ەدى عانا وبلىسى حابارلايدى
ug |ئېۈۆەۇۋڭگپچژ| ۋە بىلەن بۇ بىر ئۈچۈن ھەم دەپ قىلىپ ئۇيغۇر خىتاي ئۇ بولۇپ بار كېيىن دېگەن
ku |ەۆێڕڵڤپچژگکی| لە بە و کە بۆ ئەو ئەم یان لەگەڵ هەر بۆیە کرد دەکات
"""

# Russian letters that a language of its script does not write.
NEVER_IN = {
    "uk": "ыэъё",
    "be": "ищъ",
    "bg": "ыэё",
    "sr": "йщъыьэюяё",
    "mk": "йщъыьэюяё",
    "uz": "щы",
    "tg": "щыьц",
}
