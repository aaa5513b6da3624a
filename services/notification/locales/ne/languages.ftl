language-name = { $language ->
    [en] अंग्रेजी
    [ne] नेपाली
    [ne_latn] रोमन नेपाली
    [hi] हिन्दी
   *[other] { $language }
}

language-heard = तपाईंले लेखेजस्तै म { $language } मा जवाफ दिन्छु। यही ठीक छ? भए { $keep } लेख्नुहोस्।
language-keep = हो, यही राख्नुहोस्
language-other = अर्को भाषा

language-set = अबदेखि म { $language } मा जवाफ दिन्छु। फेर्न LANGUAGE लेख्नुहोस्।

which-language = म कुन भाषामा जवाफ दिऊँ? एउटा छान्नुहोस्, वा लेख्नुहोस्:
which-language-button = छान्नुहोस्
