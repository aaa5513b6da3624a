//! Grammar words and verbs.

use super::Table;
use crate::domain::interpret::ideas::Idea;

pub const WORDS: Table = &[
    (
        Idea::And,
        "and nd n ra ani aur tatha evam ebam plus saathai sathai r aru र",
    ),
    (
        Idea::Or,
        "or ya wa athawa athaba kimba ki_ta nabhaye nabhae nabhaya nabhayema chaina_bhane chhaina_bhane natra nahi_to nahito na_mile_to warna varna otherwise if_not",
    ),
    (
        Idea::Correct,
        "haina hoina hoena hoinau hoinaa hainaa haena sorry maaf maf maaph actually wait arre_nahi arey_nahi are_nahi i_mean galti rather correction nai_nai no_no",
    ),
    (Idea::Sorry, "sorry maaf maf"),
    (Idea::Nahi, "nahi nahin nahii nhi nahe"),
    (
        Idea::NotAfter,
        "chaidaina chahidaina chaindaina chahindaina chaiena chahiena chaiyena chahiyena chaidena chahidena chaiyana napathau* \
         napatha* napathai* nahal* nahalnu nadinu* nadinus* nadin nalyau* nalyaunu nachahi* nachai* nahi_chahi* nhi_chahi* \
         nahin_chahi* mat_bhej* mat_dal* mat_den* mat_do nahi_bhej* mat na_bhej* nahi_dena nagarn* nagard* nagar nagarera nalagi nalinu naline nako nakin* \
         chaindena pardaina pardena not_needed not_required not_wanted narakh* nathap* chahiyeko_chaina chahieko_chaina naaos* \
         chaindeina chaahindaina chahidaina",
    ),
    (
        Idea::NotBefore,
        "no not without bina except dont do_not skip exclude excluding leave_out but_not cant hold_the minus",
    ),
    (
        Idea::Except,
        "bahek baahek bahik baahik sivay siway siwaye siwai chhodera chodera chhadera chhodkar chodkar chhodke chodke \
         chhodi ke_alawa ke_alaawa ko_alawa baahekk",
    ),
    (
        Idea::Of,
        "ko ka ki wala walla wali wale vala vale vali waala waali waale size saiz kaa kee sized",
    ),
    (Idea::From, "bata baata baat dekhi from se"),
    (Idea::To, "to samma sammako"),
    (
        Idea::Instead,
        "satta sattama sattaa saatama saata instead badle badala ke_badle ko_badla ko_satta thau ko_thau*",
    ),
    (
        Idea::MakeIt,
        "make_it make_that banau* banaidin* banaideu bana_do bana_den* make kar_do kar_den* kar_dijiye kardo karna gardinu* gardinus garnu* garnus gardeu garideu garidin*",
    ),
    (
        Idea::Big,
        "thulo thula thuli thuloo bada badi bade badaa big bigger large larger thulai",
    ),
    (
        Idea::Small,
        "sano sana saano sanu saanu chota chhota choti chhoti small smaller chote chhote mini",
    ),
    (
        Idea::Loose,
        "loose khulla khulli khula khuli khullaa khule khulle khullai khudra luj",
    ),
    (
        Idea::Send,
        "pathau* patha* pathai* pathaa* pthau* pathdin* pathidin* bhej* bhjo vej* send sending sned dinu* dinus* dinos dinuhos* \
         deu deo dew dinu_na dijiye dijiyega dijiega dedo dedijiye dena de_do dede dey dibbus lyau* lyaidin* lyaun* liau* leau* \
         laidin* le_aana le_aao la_dena laa_dena bhijwa* bhijva* bhijaw* supply deliver drop rakh* rakhdin* hal* halnu haldin* haaldin* \
         dal_do daal_do dalna daalna dal_den* daal_den* pack_gar* book dispatch ship pahuncha_den* puryau* puryai* purya*",
    ),
    (
        Idea::Need,
        "chahi* chaiyo chaiyeko chaincha chahincha chaieko chainchha chaixa chainxa chai6 chahieko chaheko chaiye chahiye chahie \
         chaahiye chayo chaeko chaye chaine want wants wanted need needed needs require required lagcha lagchha lagega magau* magaun* manga* mangau* mangana kin* kinne chaina_bhayo would_like linchu lina \
         lena linu launu lagnu lagne lagchu lene_hai lena_hai i'd order_gar* order_garn* order_kar*",
    ),
    (
        Idea::Do,
        "gar* kar karo karna karke kariye karein kare karni garne garda gari do does did done_garnu kardo kardena mila* milau* milaun*",
    ),
    (
        Idea::Add,
        "add thap* thapdin* thapp* adding jodnu jodi_din* jodidin* jodera extra jod_do joddo badha* badhau* badhaidin* increase badhaa*",
    ),
    (
        Idea::Remove,
        "remove hata* hatau* hataidin* hatai* hataun* hataaun* delete nikal* nikaal* nikali* jhik* jhikn* hatao hatado hata_do drop_the \
         take_out take_off katau* kaat_din* kat_do cut_out",
    ),
    (
        Idea::Set,
        "swap change badal* badli* edit update modify reduce ghata* ghatau* kam_gar* kam_kar* kam_gardin* decrease replace revise set",
    ),
    (Idea::Only, "matra matrai only just sirf bas mattra maatra khali"),
    (
        Idea::HowMuch,
        "kati katti kitna kitne kitni kitana how_much how_many kati_ko kate katiko katima katiho",
    ),
    (
        Idea::Where,
        "kaha kahan kahaan kata kidhar where kahaa kaaha kun_thau",
    ),
    (
        Idea::When,
        "what_time kahile kaile kaahile kahilei kab kabtak when kati_bela kati_bajey kati_baje kati_khera kab_tak kahilesamma eta",
    ),
    (Idea::What, "k ke kya what kun kasto kon kaun which kaunsa konsa"),
    (
        Idea::Is,
        "cha chha chan chhan chhau hai hain h ho hun is are hola holan hunchan chhe che thiyo thyo tha thi raicha rahecha xa xan chu chhu chau xu",
    ),
    (
        Idea::CanYou,
        "can_you could_you can_i can_we milcha_ki sakchau sakchha saknuhuncha dina_milcha pathauna_milcha pathauna_saknu* sakincha \
         kya_aap would_you will_you",
    ),
    (
        Idea::Ask,
        "paincha painchha payincha paucha pauchha paauchha paunxa milcha milchha milega milegi milta_hai mil_jayega available in_stock do_you_have have_you \
         got_any any_stock stock_ma stock_cha stock_me stock_mein rakhnu_huncha rakhnuhuncha rakhnu_bhako rakhchau bechnu_huncha you_have khatam_to hai_kya \
         cha_ki cha_ra cha_hola cha_ni_haina chha_ki baki_cha_ki uplabdha sakyo_ki sakiyo_ki aayo_ki ayo_ki hola_ki sell do_u_have hai_kaya stock_hai",
    ),
];
