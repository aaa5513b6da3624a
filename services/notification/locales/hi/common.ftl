### हिन्दी। तर्क और उनका अर्थ en/ में हैं। बड़े अक्षरों के शब्द (CONFIRM, STATUS…) आदेश हैं, उनका अनुवाद नहीं होता।

-example-order = 2 बोरी जिरा मसिनो, 1 बोरी चीनी
-example-number = ORD2611000429

rupees = रु

date = { $day } { $month ->
    [jan] जनवरी
    [feb] फ़रवरी
    [mar] मार्च
    [apr] अप्रैल
    [may] मई
    [jun] जून
    [jul] जुलाई
    [aug] अगस्त
    [sep] सितंबर
    [oct] अक्टूबर
    [nov] नवंबर
    [dec] दिसंबर
   *[other] { $month }
} { $year }

amount = { $count } { $unit ->
    [kg] किलो
    [g] ग्राम
    [l] लीटर
    [ml] मिलीलीटर
    [quintal] क्विंटल
    [dozen] दर्जन
    [piece] पीस
    [packet] पैकेट
    [bottle] बोतल
    [jar] जार
    [tin] टिन
    [sack] बोरी
    [carton] कार्टन
    [crate] क्रेट
    [box] { $count ->
        [one] डिब्बा
       *[other] डिब्बे
    }
    [strip] { $count ->
        [one] पत्ता
       *[other] पत्ते
    }
    [bundle] बंडल
    [pair] { $count ->
        [one] जोड़ा
       *[other] जोड़े
    }
    [pau] पाव
   *[other] { $unit }
}

your-order = आपका ऑर्डर:

line = { $n }. { $name }: { $amount }
line-priced = { $n }. { $name }: { $amount } x { $price } = { $total }
