language-name = { $language ->
    [en] अंग्रेज़ी
    [ne] नेपाली
    [ne_latn] रोमन नेपाली
    [hi] हिन्दी
   *[other] { $language }
}

language-heard = जैसे आप लिखते हैं, वैसे ही मैं { $language } में जवाब देता हूँ। क्या यह ठीक है? तो { $keep } लिखें।
language-keep = हाँ, यही रखें
language-other = दूसरी भाषा

language-set = अब से मैं { $language } में जवाब दूँगा। बदलने के लिए LANGUAGE लिखें।

which-language = मैं किस भाषा में जवाब दूँ? एक चुनें, या लिखें:
which-language-button = चुनें
