use super::*;

fn all(language: Option<Language>, texts: &[&str]) {
    for text in texts {
        assert_eq!(detect(text), language, "{text}");
    }
}

#[test]
fn sentences_show_their_language() {
    all(
        Some(Language::NeLatn),
        &[
            "dai malai 3 bora siment chahiyo, bholi samma aipugcha hola?",
            "tyo saman kahile auxa",
            "mero hisab kati baki xa hajur",
            "yo pani thapdinus na",
            "gaadi ahile samma aaipugena, kata pugyo?",
            "please order ma 2 carton biscuit add gardinus",
            "maile paisa tirisake ni",
        ],
    );
    all(
        Some(Language::Hi),
        &[
            "bhaiya kal subah tak do bori cement bhijwa dena aur bill bhi",
            "mera saman kab aayega",
            "kitne paise dene hain mujhe",
            "yeh kya rate lagaya hai",
            "मुझे दो बोरी चीनी चाहिए",
            "कल तक भेज दीजिए और बिल भी",
            "क्या रेट है",
            "पैसे कल दूंगा",
            "bhai 2 bori chini bhej do",
        ],
    );
    all(
        Some(Language::En),
        &[
            "Please send 3 bags of cement by tomorrow",
            "where is my delivery?",
            "do you have any discount on this",
            "I didn't receive the bill",
        ],
    );
    all(
        Some(Language::Ne),
        &[
            "मलाई तीन बोरा सिमेन्ट चाहियो",
            "भोलि बिहान पठाइदिनुहोला है",
            "कति पैसा बाँकी छ?",
            "यो सामान कहिले आउँछ",
            "पठाउनु",
        ],
    );
}

#[test]
fn goods_numbers_units_and_commands_show_none() {
    all(
        None,
        &[
            "",
            "👍🙏",
            "2 bora jeera masino, 1 bora chini",
            "SUGAR-50KG x 2",
            "ra ra noodles 2 carton",
            "chini 2 bora",
            "5 carton wai wai veg",
            "good day biscuit 3 box",
            "CONFIRM",
            "STATUS ORD2611000429",
            "balance",
            "HELP",
            "ok",
            "yes",
            "namaste",
            "hello sir",
            "चिनी",
            "चिनी २ kg",
            "head and shoulders 10 patta",
            "fair and lovely 2 dozen",
            "mosquito mat 2 box",
        ],
    );
}

#[test]
fn a_list_in_devanagari_is_read_as_nepali_by_its_letters() {
    all(Some(Language::Ne), &["चामल १० बोरा", "नुन २ बोरा, चिनी १ बोरा"]);
}

#[test]
fn what_is_of_two_languages_shows_none() {
    all(
        None,
        &[
            "hello sir, can you send 3 bora चिनी",
            "need 20 kg chiura loose, १० kg राजमा",
            "please call me, तुरुन्त",
            "what is the rate, kati ho dai?",
            "mera order kahile auncha, kab bhejoge",
            "ठीक है",
            "नमस्ते भाई",
            "ham ke du bori chini chahi bhaiya",
        ],
    );
}

#[test]
fn a_nepali_sentence_may_end_with_hai() {
    all(Some(Language::NeLatn), &["bholi pathaunu hai", "tel sakyo hai"]);
    all(Some(Language::Ne), &["भोलि पठाउनु है", "ल है दाइ"]);
}

#[test]
fn spellings_of_a_word_are_one() {
    for text in [
        "malai chahiyo",
        "malaai chaahiyo",
        "Malai Chahiyo!!",
        "hunchha ni",
        "hunxa ni",
        "huncha ni",
    ] {
        assert_eq!(detect(text), Some(Language::NeLatn), "{text}");
    }
}
