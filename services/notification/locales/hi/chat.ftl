full-stop = ।

unit-alone = { $unit ->
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
    [box] डिब्बा
    [strip] पत्ता
    [bundle] बंडल
    [pair] जोड़ा
    [pau] पाव
   *[other] { $unit }
}
pack-of = { $factor } वाला { $unit }
either = { $one } या { $other }

basket-waits = आपकी सूची अभी इंतज़ार में है: पक्का करने के लिए CONFIRM, बदलने के लिए CHANGE, छोड़ने के लिए CANCEL लिखें।
list-empty = अब सूची में कुछ नहीं बचा। जब चाहें दूसरी सूची भेजें।
list-again = जैसी होनी चाहिए, पूरी सूची फिर से भेजें, जैसे: { -example-order }
nothing-to-cancel = यहाँ छोड़ने के लिए कुछ नहीं है। ऑर्डर रद्द करने के लिए CANCEL और उसका नंबर लिखें।
nothing-to-repeat = दोहराने के लिए आपका अभी कोई ऑर्डर नहीं है। जो चाहिए, उसकी सूची भेजें।
order-repeated = आपका ऑर्डर { $order } फिर से, आज के दामों पर:
which-order = कौन-सा ऑर्डर? COMPLETE और उसका नंबर लिखें।
answer-unclear = यह समझ नहीं आया, इसलिए हमारी टीम देखेगी। आप अब भी इसका जवाब दे सकते हैं:

not-changed = कुछ नहीं बदला गया: { $problems }।
problem-too-many = एक संदेश में ज़्यादा से ज़्यादा { $max } तरह का सामान; बाकी दूसरे संदेश में भेजें
problem-list-too-long = एक सूची में ज़्यादा से ज़्यादा { $max } तरह का सामान होता है
problem-unknown = समझ नहीं आया: "{ $phrase }"
problem-unknown-near = समझ नहीं आया: "{ $phrase }"; मिलते-जुलते: { $near }
problem-not-possible = "{ $phrase }" का { $quantity } नहीं हो सकता
problem-impossible = इसमें कोई सामान, इकाई या मात्रा सही नहीं है
problem-not-in-basket = "{ $phrase }" सूची में नहीं है
problem-unclear-removal = "{ $phrase }" कई चीज़ों से मिलता है या किसी से नहीं: हटाने के लिए पूरा नाम लिखें
problem-no-product = { $name } नाम का कोई सामान नहीं है
problem-that-unit = { $name } उस इकाई में नहीं बिकता
problem-unit = { $name } { $unit } में नहीं बिकता
problem-whole-only = { $name } सिर्फ़ पूरा बिकता है, { $amount } नहीं
problem-below-minimum = { $name } जिनके पास है, वे कम से कम { $least } ही बेचते हैं

words-unknown = { $words } समझ नहीं आया।
word-places-basket = सूची पक्की करने के लिए CONFIRM लिखें।
word-drops-list = सूची छोड़ने के लिए CANCEL लिखें।
word-cancels-order = ऑर्डर रद्द करने के लिए CANCEL और उसका नंबर लिखें।
word-confirms-receipt = सामान मिल गया बताने के लिए COMPLETE और ऑर्डर का नंबर लिखें।
word-repeats-order = पिछला ऑर्डर फिर चाहिए तो अलग संदेश में लिखें।
word-of-help = क्या लिख सकते हैं, देखने के लिए HELP लिखें।

ask-name = "{ $phrase }" नाम का सामान नहीं पता। नाम दूसरी तरह से लिखें, या सूची से हटाने के लिए SKIP लिखें।
ask-not-sold-so = { $name } ऐसे नहीं बिकता।
ask-whole-only = { $name } सिर्फ़ पूरे पैक में बिकता है।
ask-quantity = { $name } कितना?
ask-sold-by = यह ऐसे बिकता है: { $units }।
ask-number-means = सिर्फ़ नंबर लिखने का मतलब { $unit } है।
ask-or-skip = सूची से हटाने के लिए SKIP लिखें।

price-line-none = { $name }: अभी किसी के पास नहीं है।
there-in-stock = स्टॉक में है
there-out-of-stock = अभी ख़त्म है
price-line = { $name }: { $unit } का { $price } से, वैट छोड़कर; { $there }।
price-line-pack = { $name }: { $unit } का { $price } से, { $pack } का { $total }, वैट छोड़कर; { $there }।
prices-more = … { $more } और हैं; उन्हें देखने के लिए नाम और पूरा लिखें।
prices-unknown = "{ $phrase }" नाम का सामान नहीं पता।
prices-of-what = दाम और स्टॉक देखने के लिए सामान का नाम लिखें।

statement-none = आपके खाते में अभी तक कुछ नहीं लिखा गया है।
statement = आपका खाता, नए से पुराने की ओर:
entry-kind =
    { $kind ->
        [delivery] सामान
        [payment] भुगतान
        [opening_balance] शुरुआती बकाया
       *[other] { $words }
    }
entry-more = { $kind }, { $amount } बकाया बढ़ा
entry-less = { $kind }, { $amount } बकाया घटा
entry-of-day = { $day }: { $entry }

matter-asked = हमारी टीम आपको लिखेगी या फ़ोन करेगी।
matter-claim = धन्यवाद। हमारी टीम भुगतान जाँचकर चढ़ाएगी; उसके बाद आपका बकाया बदलेगा।
matter-claim-of = धन्यवाद। हमारी टीम { $amount } का भुगतान जाँचकर चढ़ाएगी; उसके बाद आपका बकाया बदलेगा।
matter-promise = धन्यवाद। आप भुगतान करेंगे, यह हमारी टीम लिख लेगी।
matter-promise-of = धन्यवाद। आप { $amount } चुकाएँगे, यह हमारी टीम लिख लेगी।
matter-sorry = माफ़ कीजिए। आपने जो लिखा, उसे हमारी टीम देखेगी।
matter-sorry-for = माफ़ कीजिए। { $order } के बारे में आपने जो लिखा, उसे हमारी टीम देखेगी।
matter-stop = हमारी टीम देखेगी कि आपको ऑर्डर के लिए ज़रूरी से ज़्यादा संदेश न मिलें।
matter-start = हमारी टीम देखेगी कि हमारे संदेश आप तक पहुँचें।
matter-change = दर्ज हो चुका ऑर्डर सिर्फ़ हमारी टीम बदल सकती है, वह देखेगी।
matter-partial-accept = आप इसका कुछ हिस्सा कैसे दे सकते हैं, यह हमारी टीम देखेगी। तब तक ऑर्डर आपके ACCEPT या DECLINE का इंतज़ार करता है।
matter-stock-update = आपका स्टॉक और दाम हमारी टीम लिख लेगी।
matter-sent = आपने जो भेजा, उसे हमारी टीम देखेगी।
matter-call = जल्दी हो तो { $phone } पर फ़ोन करें।

media-unread =
    हमें मिला: { $kind ->
        [image] आपकी फ़ोटो
        [audio] आपका आवाज़ वाला संदेश
        [video] आपका वीडियो
        [document] आपका दस्तावेज़
        [sticker] आपका स्टिकर
        [order] आपका कैटलॉग ऑर्डर
       *[other] आपका संदेश
    }। हमारी टीम इसे देखेगी। लिखकर भेजेंगे तो तुरंत जवाब मिलेगा।
location-noted = आपकी भेजी हुई जगह मिली, हमारी टीम इसे देखेगी। तब तक सामान आपके खाते के पते पर ही जाएगा।
contacts-noted = आपका भेजा हुआ संपर्क मिला, हमारी टीम इसे देखेगी। ऑर्डर सिर्फ़ आपके खाते के फ़ोन से हो सकता है।

basket-placed = यह सूची { $order } नंबर से ऑर्डर हो चुकी है, दोबारा कुछ ऑर्डर नहीं हुआ। कहाँ पहुँचा, देखने के लिए STATUS { $order } लिखें।
basket-placed-cancel = यह सूची { $order } नंबर से ऑर्डर हो चुकी है। वह ऑर्डर रद्द करने के लिए CANCEL { $order } लिखें, या दूसरी सूची भेजें।

nothing-done =
    { $undone ->
        [chosen] कुछ नहीं चुना गया
        [ordered] कुछ ऑर्डर नहीं हुआ
        [dropped] कुछ नहीं छोड़ा गया
       *[changed] कुछ नहीं बदला गया
    }
outdated-replaced =
    { $of ->
        [question] उस सवाल
       *[basket] उस सूची
    } की जगह दूसरी बात आ चुकी है, इसलिए { $undone }।
outdated-gone =
    { $of ->
        [question] वह सवाल
       *[basket] वह सूची
    } अब इंतज़ार में नहीं है, इसलिए { $undone }।
outdated-nothing = जो चाहिए, उसकी सूची भेजें।
outdated-question = अभी यह सवाल खुला है:
outdated-basket = अभी यह सूची इंतज़ार में है:
