### Nepali in Latin letters. Arguments and their meaning are in en/. Words in capitals are commands and stay.

-example-order = 2 bora jeera masino, 1 bora chini
-example-number = ORD2611000429

rupees = Rs

date = { $day } { $month ->
    [jan] Jan
    [feb] Feb
    [mar] Mar
    [apr] Apr
    [may] May
    [jun] Jun
    [jul] Jul
    [aug] Aug
    [sep] Sep
    [oct] Oct
    [nov] Nov
    [dec] Dec
   *[other] { $month }
} { $year }

amount = { $count } { $unit ->
    [kg] kg
    [g] gram
    [l] litre
    [ml] ml
    [quintal] quintal
    [dozen] darjan
    [piece] wata
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

your-order = Tapaiko order:

line = { $n }. { $name }: { $amount }
line-priced = { $n }. { $name }: { $amount } x { $price } = { $total }
