//! Words that show the language of their writer. What names goods, counts or measures them is not among them, and neither
//! are the words that we teach people to write (`STATUS`, `balance`, `stop`), nor words that every shop here borrows
//! (`order`, `rate`, `sir`, `ok`, `namaste`).
//!
//! The reader's own words ([`crate::domain::interpret`]) are sorted by what they mean, in all languages at once, so they
//! cannot say which one it is.

/// A list of words.
pub(super) type Words = &'static str;

/// English words that Nepali and Hindi do not borrow.
pub(super) const ENGLISH: Words = "\
    the is are am was were will would shall should could cannot cant dont doesnt didnt isnt wont have has had does my \
    our your his her their we they he she it its this that these those you im ive ill thats whats what when where which \
    who why how from with without want wanted need needed needs send sends sending sent deliver give there been being \
    but because about any some every everything anything something speak talk add change remove instead";
/// English words that stand in messages of other languages, too.
pub(super) const ENGLISH_MAYBE: Words = "\
    please pls plz kindly not and for of all only same can on at to by per left more less much many next last missing wrong \
    broken today tomorrow yesterday week month received pay paid available";

/// Nepali words in Latin letters that Hindi and English do not have.
pub(super) const NEPALI: Words = "\
    cha chha xa chan chhan xan chu chhu xu chhaun chaina chhaina xaina chainan thiyo thie thiye thiena huncha hunchan \
    hudaina hundaina hunna hunuhuncha hunuhunthyo holan hos hus huss raicha raixa rahecha hoina hoinan haina bhayo bhaye \
    bhaena bhayena bhaeko bhako bhayeko vayo vayena vako vaeko \
    kati katti katima katiko kahile kaile kina kun kasari kasto kasko \
    mero hamro timro tapai tapaiko tapailai tapaile malai maile hami hamilai hamlai uslai uhale tyo yo yesto tyasto \
    tyasko yasko hajurko hajurlai \
    ra ani sanga samma pachi pachhi paxi aghi agi mathi bhitra bahira bahek matra matrai pheri feri arko aru aruko \
    purano sabai dherai dhilo alikati jasto jastai jastei jati yati tyati tyahi yahi tyaspachi ramro sanchai \
    kehi hijo asti aja aaja bholi parsi ahile aile ajhai bihana beluka diuso baje \
    chahiyo chaiyo chahincha chaincha chahinthyo chaidaina chahidaina chahiena chaiena chaheko chahieko \
    dinu dinuna dinus dinuhos dinuhola nadinu deu deunu garnu garna garne gareko gare garyo garyau garera gardai gardina \
    gardinu gardinus gardeu garau gara garum garnus garidinu pathau pathaau pathauna pathaune pathako pathae pathaye \
    lyau lyaunu lyaune lyaideu linu linus lanu lagyo lagcha rakhnu rakhna halnu halna thapnu hataunu milaunu banaunu \
    aayena aayeko aeko aaune auncha aauncha aaucha aauda aunu aauna pugyo pugena pugcha puryaunu tirnu tirna tirne \
    tireko tirchu tirula hernu hera herdinu bhannu bhanchu bhanne bhanera bhaneko bhane bhanya \
    thapera futera phutera aayera gayera lagera liera sakyo sakiyo sakincha sakchu sakdina sakdaina milcha milena \
    mildaina paincha pauncha paucha parcha parena paryo pardaina \
    dai didi bahini sahuji manche manchhe";
/// Nepali words that Hindi or names have, too.
pub(super) const NEPALI_MAYBE: Words =
    "hola khai ko ma ho ta ni na le lai hajur khabar kura lagi mahina satta aba tara";

/// Hindi words in Latin letters that Nepali and English do not have.
pub(super) const HINDI: Words = "\
    hain hoon nahi nahin nahii hoga hogi honge hua hui raha rahi rahe gaya gayi aaya aayi aaye chuka chuki sakte sakta \
    sakti rehne rehna milega milta milti \
    chahiye chahie chaahiye bhejo bhejna bhejdo bheja bheje bhejte bhejiye bhijwa dedo dijiye dijie kijiye kijie \
    lijiye lijie batao bataiye bataye karo karna karne karni karke kardo karun karu karte karta dunga denge \
    kya kab kahan kaise kaisa kaisi kyu kyun kyon kaun konsa kaunsa kitna kitne kitni \
    mera meri mere hamara hamari hamare aapka aapki aapke mujhe mujhko hamko humko humein hamein tumhara maine humne \
    aur mein sirf abhi aaj phir liye wahi yahan wahan yeh woh isme usme isko usko inka unka iska uska agar bahut thoda \
    zyada jyada kuch kisi haan jaisa jaise waisa pichla pichli pichle lekar shukriya";
/// Hindi words that Nepali or names have, too. A Nepali sentence may end with `hai`.
pub(super) const HINDI_MAYBE: Words = "hai ka ke se ab kal bhi dena lena de tak sab haal acha accha achha bhai bhaiya bhej \
    paise rupaye saab hum diya kar";

/// Hindi verbs that ask for something with `do` behind them.
pub(super) const HINDI_BEFORE_DO: Words = "kar bhej de bana laga hata dal daal rakh jod likh bata mila chhod";

/// Endings of Nepali verbs, with `ch` for every spelling of `chh` and `x`.
pub(super) const NEPALI_ENDINGS: Words = "\
    dinu dinus dinos dinuhos dinuhola nuhos nuhola aunu aunus rnu rnus lnu lnus khnu khnus nnu nnus pnu pnus inus \
    ncha ucha rcha gcha lcha nchu uchu rchu gchu lchu eko ieko yeko daina dainan ndina kdina \
    iyo khyo ryo gyo tyo dhyo bhyo iyera rdiye ldiye idiye nthyo aena yena gena";
/// Beginnings of Nepali verbs.
pub(super) const NEPALI_BEGINNINGS: Words = "pathau pathai napatha nahaln";
/// Endings of Hindi verbs.
pub(super) const HINDI_ENDINGS: Words = "unga oonga enge ayega ayegi";

/// Words that end like verbs, and names of goods that do.
pub(super) const NOTHING: Words = "day linus minus bonus challenge orange pahuncha hariyo sukeko";

/// Hindi words in Devanagari that Nepali does not have.
pub(super) const HINDI_DEVANAGARI: Words = "\
    हैं हूँ हूं और में चाहिए चाहिये भेजो भेजना भेजिए भेजिये दीजिए दीजिये कीजिए बताओ बताइए दो कितना कितने कितनी क्या नहीं मत \
    मेरा मेरी मेरे हमारा हमारी आपका आपके आपको मुझे हमें मैं कब कैसे करो करना से था थी गया रहा रही अभी यह वह भी लिए सिर्फ";
/// Hindi words in Devanagari that Nepali or names have, too. A Nepali sentence may end with `है`.
pub(super) const HINDI_DEVANAGARI_MAYBE: Words = "है का की के कर भेज कल भाई";
/// Endings of Hindi verbs.
pub(super) const HINDI_DEVANAGARI_ENDINGS: Words = "िएगा ूँगा ूंगा ेंगे";

/// Nepali words in Devanagari that Hindi does not have.
pub(super) const NEPALI_DEVANAGARI: Words = "\
    छ छन् छैन छु थियो हुन्छ हुँदैन हो होइन कति कहिले कसरी मेरो हाम्रो मलाई तपाईं हजुर र पनि अनि तर हिजो भोलि अहिले अब फेरि \
    मात्र दाइ दिदी बहिनी चाहियो भयो आयो गर्ने बाहेक";
/// Endings of Nepali verbs, and cases that no Hindi word has.
pub(super) const NEPALI_DEVANAGARI_ENDINGS: Words = "नुस् नुहोस् नुहोला ्छ ्छु ्छन् ेको यो लाई बाट हरू दैन";
/// Beginnings of Nepali verbs.
pub(super) const NEPALI_DEVANAGARI_BEGINNINGS: Words = "पठाउ पठाइ पठाए";
/// Cases that Hindi words and names may end with, too.
pub(super) const NEPALI_DEVANAGARI_CASES: Words = "को मा ले नु";
