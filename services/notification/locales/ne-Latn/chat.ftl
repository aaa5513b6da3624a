full-stop = .

unit-alone = { $unit ->
    [kg] kilo
    [g] gram
    [l] litre
    [ml] ml
    [quintal] quintal
    [dozen] darjan
    [piece] pis
    [packet] packet
    [bottle] botal
    [jar] jar
    [tin] tin
    [sack] bora
    [carton] carton
    [crate] crate
    [box] bakas
    [strip] patta
    [bundle] bundle
    [pair] jodi
    [pau] pau
   *[other] { $unit }
}
pack-of = { $factor } wata ko { $unit }
either = { $one } ki { $other }

basket-waits = Tapaiko list ajhai parkhiraheko chha: pakka garna CONFIRM, sachyauna CHANGE, chhodna CANCEL lekhnuhos.
list-empty = Aba list ma kehi baki rahena. Chahieko bela arko list pathaunuhos.
list-again = Jasto hunuparne ho, purai list pheri pathaunuhos, jastai: { -example-order }
nothing-to-cancel = Yaha chhodnuparne kehi chhaina. Order radda garna CANCEL ra order number lekhnuhos.
nothing-to-repeat = Dohoryauna milne tapaiko kunai order ahile samma chhaina. Ke chahiyo, list pathaunuhos.
order-repeated = Tapaiko order { $order } pheri, aajako mulya ma:
which-order = Kun order? COMPLETE ra order number lekhnuhos.
answer-unclear = Yo bujhiena, tyasaile hamro team le hernechha. Tapai yasko jawaph ajhai dina saknuhunchha:

not-changed = Kehi pherieko chhaina: { $problems }.
problem-too-many = euta sandesh ma badhi ma { $max } thari saman; baki arko sandesh ma pathaunuhos
problem-list-too-long = euta list ma badhi ma { $max } thari saman hunchha
problem-unknown = bujhiena: "{ $phrase }"
problem-unknown-near = bujhiena: "{ $phrase }"; mildojuldo: { $near }
problem-not-possible = "{ $phrase }" ko { $quantity } huna sakdaina
problem-impossible = yasma bhaeko kunai saman, ekai wa pariman mildaina
problem-not-in-basket = "{ $phrase }" list ma chhaina
problem-unclear-removal = "{ $phrase }" dherai saman sanga milchha wa kunai sanga mildaina: hatauna pura naam lekhnuhos
problem-no-product = { $name } naam ko saman chhaina
problem-that-unit = { $name } tyo ekai ma bikri hudaina
problem-unit = { $name } { $unit } ma bikri hudaina
problem-whole-only = { $name } singo matra bikri hunchha, { $amount } hoina
problem-below-minimum = { $name } jasanga chha, tinle kamtima { $least } matra bechchhan

words-unknown = { $words } bujhiena.
word-places-basket = List pakka garna CONFIRM lekhnuhos.
word-drops-list = List chhodna CANCEL lekhnuhos.
word-cancels-order = Order radda garna CANCEL ra order number lekhnuhos.
word-confirms-receipt = Saman paeko janauna COMPLETE ra order number lekhnuhos.
word-repeats-order = Pahile kai order pheri chahie chhuttai sandesh ma lekhnuhos.
word-of-help = Ke lekhna milchha herna HELP lekhnuhos.

ask-name = "{ $phrase }" bhanne saman thaha bhaena. Naam arkai tarika le lekhnuhos, wa list bata hatauna SKIP lekhnuhos.
ask-not-sold-so = { $name } tyasari bikri hudaina.
ask-whole-only = { $name } singo pack matra bikri hunchha.
ask-quantity = { $name } kati?
ask-sold-by = Yo yasari bikri hunchha: { $units }.
ask-number-means = Number matra lekhe { $unit } bujhinchha.
ask-or-skip = List bata hatauna SKIP lekhnuhos.

price-line-none = { $name }: ahile kasai sanga chhaina.
there-in-stock = stock ma chha
there-out-of-stock = ahile sakieko chha
price-line = { $name }: { $unit } ko { $price } dekhi, VAT bahek; { $there }.
price-line-pack = { $name }: { $unit } ko { $price } dekhi, { $pack } ko { $total }, VAT bahek; { $there }.
prices-more = … ra thap { $more } wata; ti herna naam ajha khulaera lekhnuhos.
prices-unknown = "{ $phrase }" bhanne saman thaha bhaena.
prices-of-what = Mulya ra stock herna saman ko naam lekhnuhos.

statement-none = Tapaiko khata ma ahile samma kehi lekhieko chhaina.
statement = Tapaiko khata, naya bata purano tira:
entry-kind =
    { $kind ->
        [delivery] saman
        [payment] bhuktani
        [opening_balance] suru ko baki
       *[other] { $words }
    }
entry-more = { $kind }, { $amount } baki thapiyo
entry-less = { $kind }, { $amount } baki ghatyo
entry-of-day = { $day }: { $entry }

matter-asked = Hamro team le tapailai lekhnechha wa phone garnechha.
matter-claim = Dhanyabad. Hamro team le bhuktani janchera chadhaunechha; tyaspachhi tapaiko baki milnechha.
matter-claim-of = Dhanyabad. Hamro team le { $amount } ko bhuktani janchera chadhaunechha; tyaspachhi tapaiko baki milnechha.
matter-promise = Dhanyabad. Tapaile tirne kura hamro team le tipnechha.
matter-promise-of = Dhanyabad. Tapaile { $amount } tirne kura hamro team le tipnechha.
matter-sorry = Maaph garnuhos. Tapaile lekhnubhaeko kura hamro team le hernechha.
matter-sorry-for = Maaph garnuhos. { $order } bare tapaile lekhnubhaeko kura hamro team le hernechha.
matter-stop = Tapaiko order lai chahine bhanda badhi sandesh naaune gari hamro team le milaunechha.
matter-start = Hamra sandesh tapai kaha pugne gari hamro team le milaunechha.
matter-change = Darta bhaisakeko order hamro team le matra pherna sakchha ra hernechha.
matter-partial-accept = Yasko kehi bhag kasari dina sakinchha, hamro team le hernechha. Tyati bela samma order tapaiko ACCEPT wa DECLINE parkhanchha.
matter-stock-update = Tapaiko stock ra mulya hamro team le tipnechha.
matter-sent = Tapaile pathaunubhaeko kura hamro team le hernechha.
matter-call = Hatar bhae { $phone } ma phone garnuhos.

media-unread =
    Tapaiko { $kind ->
        [image] photo
        [audio] aawaj sandesh
        [video] video
        [document] kagajat
        [sticker] sticker
        [order] catalogue ko order
       *[other] sandesh
    } paiyo. Hamro team le hernechha. Lekhera pathaunubhayo bhane turuntai jawaf paunuhunchha.
location-noted = Tapaile pathaunubhaeko thau paiyo, hamro team le hernechha. Tyatinjel saman tapaiko khata ko thegana mai janchha.
contacts-noted = Tapaile pathaunubhaeko samparka paiyo, hamro team le hernechha. Order tapaiko khata ka phone bata matra garna sakinchha.

basket-placed = Yo list { $order } number ma order bhaisakeko chha, pheri kehi order bhaeko chhaina. Kaha pugyo herna STATUS { $order } lekhnuhos.
basket-placed-cancel = Yo list { $order } number ma order bhaisakeko chha. Tyo order radda garna CANCEL { $order } lekhnuhos, wa arko list pathaunuhos.

nothing-done =
    { $undone ->
        [chosen] kehi chhanieko chhaina
        [ordered] kehi order bhaeko chhaina
        [dropped] kehi chhodieko chhaina
       *[changed] kehi pherieko chhaina
    }
outdated-replaced =
    Tyo { $of ->
        [question] prashna
       *[basket] list
    } badliisakeko chha, tyasaile { $undone }.
outdated-gone =
    Tyo { $of ->
        [question] prashna
       *[basket] list
    } aba parkhiraheko chhaina, tyasaile { $undone }.
outdated-nothing = Ke chahiyo, list pathaunuhos.
outdated-question = Ahileko prashna yo ho:
outdated-basket = Ahile parkhiraheko list yo ho:
