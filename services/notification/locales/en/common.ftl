### Words that several messages share. A comment before a message lists its arguments, in the order in which the code
### gives them; other languages must use the same. Words in capitals are commands: they stay English in every language.

-example-order = 2 bora jeera masino, 1 bora chini
-example-number = ORD2611000429

# Stands before an amount of money.
rupees = Rs

# $day (Text) Day of the month.
# $month (Text) Month, three letters.
# $year (Text) Year of the common era.
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

# $count (Count) How much.
# $unit (Text) Unit of sale or measure, never empty.
amount = { $count } { $unit ->
    [kg] kg
    [g] g
    [l] l
    [ml] ml
    [quintal] quintal
    [dozen] dozen
    [piece] { $count ->
        [one] piece
       *[other] pieces
    }
    [packet] { $count ->
        [one] packet
       *[other] packets
    }
    [bottle] { $count ->
        [one] bottle
       *[other] bottles
    }
    [jar] { $count ->
        [one] jar
       *[other] jars
    }
    [tin] { $count ->
        [one] tin
       *[other] tins
    }
    [sack] { $count ->
        [one] sack
       *[other] sacks
    }
    [carton] { $count ->
        [one] carton
       *[other] cartons
    }
    [crate] { $count ->
        [one] crate
       *[other] crates
    }
    [box] { $count ->
        [one] box
       *[other] boxes
    }
    [strip] { $count ->
        [one] strip
       *[other] strips
    }
    [bundle] { $count ->
        [one] bundle
       *[other] bundles
    }
    [pair] { $count ->
        [one] pair
       *[other] pairs
    }
    [pau] { $count ->
        [one] pau
       *[other] paus
    }
   *[other] { $unit }
}

your-order = Your order:

# $n (Number) Position, from 1.
# $name (Text) Product name.
# $amount (Text) How much.
line = { $n }. { $name }: { $amount }

# $n (Number) Position, from 1.
# $name (Text) Product name.
# $amount (Text) How much.
# $price (Money) Price of one unit.
# $total (Money) Amount of the line.
line-priced = { $n }. { $name }: { $amount } x { $price } = { $total }
