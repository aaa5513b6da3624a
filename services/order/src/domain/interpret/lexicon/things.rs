//! Things, events and courtesies.

use super::Table;
use crate::domain::interpret::ideas::Idea;

pub const WORDS: Table = &[
    (
        Idea::OrderWord,
        "order orders ardar oder odar ordar arder oredr ardr अर्डर ऑर्डर",
    ),
    (
        Idea::Goods,
        "saman samaan samanharu saaman maal mal items item goods delivery dilivari delibhari delivri dilevari parcel stuff saamaan samagri delivary",
    ),
    (
        Idea::MessageWord,
        "message messages msg msgs msgharu mesej masej messej sandesh notification notifications notice sms whatsapp suchana reminder reminders \
         alert alerts sandes promo म्यासेज मेसेज texts",
    ),
    (Idea::List, "list lists suchi soochi catalogue catalog menu"),
    (
        Idea::Price,
        "price prices rate rates rait ret reit dar bhau bhaau bhao vau mulya mol daam dam cost costs mrp bhaw moolya दर भाउ रेट प्राइस मूल्य rett kimat keemat \
         parcha_kati kati_parcha kati_parchha kitne_ka kitne_ki kitne_me kitne_mein kati_ma kati_ko_ho quote",
    ),
    (
        Idea::Discount,
        "kati_ghatcha kati_ghatchha kati_ghatxa ghatcha ghatchha discount chhut chut chhoot chhutt offer scheme skim chuut",
    ),
    (Idea::StockWord, "stock stok istok"),
    (
        Idea::BalanceWord,
        "balance balans balence byalens baki baaki baanki banki baqi due dues udharo udhaaro udhar udhaar udharoo credit limit outstanding owe owing \
         dinu_parne dinuparne bakaya bakaaya rin karja udhari tirnu_parne tirnuparne dena_hai tirna_baki len_den baakee kharid_sima ब्यालेन्स उधार",
    ),
    (
        Idea::StatementWord,
        "statement statment stetment hisab hisaab hishab hisab_kitab ledger khata khaata passbook bibaran vivaran vibaran lekhajokha account_detail* \
         hisaabkitab account transactions history karobar स्टेटमेन्ट हिसाब",
    ),
    (
        Idea::Month,
        "mahina mahinako month months maheena mahine week hapta baisakh baishakh jestha jeth ashar asar asadh shrawan saun sawan bhadra bhadau ashoj asoj \
         ashwin kartik mangsir poush push paush magh falgun fagun phalgun chait chaitra january february march april may june july august september october november \
         december year barsa saal",
    ),
    (
        Idea::Previous,
        "hijo hijoko hijo_ko asti astiko asti_ko pichla pichhla pichle pichli pichhle last agadi aghi aghillo aghilo aghillo_palta pahile pahila pahileko purano \
         previous yesterday kal_wala last_time gata पिछला अस्ति हिजो aghadi earlier before aghi_ko agiko gayeko poila purana",
    ),
    (
        Idea::Same,
        "what_you_sent what_u_sent what_i_ordered what_we_ordered same jastai jastei jasto jaso tyahi tehi tei wahi vahi wohi ustai ustei ussai uhi utnai tyati jaisa jaise waisa waise same_as usual_order hubahu samee hijojastai",
    ),
    (
        Idea::Again,
        "again feri pheri phir fir firse phirse repeat reorder re_order dohoryau* dohora* dobara dubara punah once_more phir_se fir_se doharya* ripit",
    ),
    (
        Idea::Mine,
        "mero mera maile maine meri hamro hamra hamara hamare hamari my our mere",
    ),
    (
        Idea::Cancel,
        "cancel cancelled cancle cancil kansil kyansal kyansil canceled radd rad radda raddha khareji kharej cansel cancell क्यान्सिल रद्द forget_it leave_it \
         never_mind nevermind choddinu chodidinu chhodidin* chhoddin* rehne_do rahane_do rahne_do rehndo rahandeu rehendo chhod_do chod_do",
    ),
    (
        Idea::Stop,
        "stop unsubscribe stap opt_out optout band_gar* band_kar* banda_gar* banda_garn* rok* roknu unsubcribe स्टप stop_sending disable bandha_gar* bund_kar*",
    ),
    (
        Idea::Start,
        "thalnu* thalnus start subscribe suru shuru suruu chalu resume unstop opt_in restart स्टार्ट enable शुरु",
    ),
    (
        Idea::Yes,
        "yes y yeah yep yup ok okay okey okk oki okie thik thikai thikcha theek thk confirm confirmed konfirm sure done huncha hunchha hunxa hun6 hunchaa \
         haan haa han haaa has hasta hawas havas hawash agreed correct perfect sahi thumbsup pakka proceed go_ahead chalcha chalega milyo \
         kar_dijiye_confirm ठीक हवस् हो हाँ hunuparcha hus hous aggree fine good_to_go thikchha paka",
    ),
    (Idea::Weak, "hajur hajoor hajurr ji jee la lau k ha haji hajuur"),
    (
        Idea::Arrived,
        "utaryo utryo utareko utrieko utarnubhayo reached pugyo pugiyo pugisak* pugeko pugyoo puge payo paye paiyo paiyo paaye paaiyo paiyeko paae aipugyo aayo ayo aaisak* ayeko aayeko aayecha mila mile mil_gaya \
         mil_gayi milgaya mil_gya received recieved receive got delivered arrived aa_gaya aagaya aa_gya pahunch_gaya pahuch_gaya pahucha bujhe bujhyo bujhiyo bujheko bhujhyo \
         pugyoo aipugeko pugisakyo mil_chuka prapta prapt bhetiyo bhetyo pai_sake paisake payeko_chu recived aai_pugyo aipuge aipugey aaipuge",
    ),
    (
        Idea::Coming,
        "aauncha aunchha aucha auncha aune aaune aauda aaudai aayena ayena aaena aaeko_chaina aako_chaina ako_chaina aayeko_chaina pugena pugeko_chaina pugcha pugchha \
         aayega ayega aaega aayegi aaenge aayenge pahuchega pahunchega nahi_aaya nahi_aya arrive arriving arrives reach reaches coming aaudaina aundai auxa aauchha \
         aaeko_xaina come comes deliver delivering pugdai pugne aaye_na nai_aaya aa_jayega aa_jaayega aa_jaega aa_jayegi a_jayega pahunch_jayega pahuch_jayega deliver_huncha delivery_huncha delivery_kahile aunu",
    ),
    (
        Idea::NotCome,
        "aayena ayena aaena aena aaenan aayenan ayenan pugena pugenan utrena utryena milena nai_aaya nahi_aaya nahi_aaye",
    ),
    (
        Idea::Late,
        "dhilo dheelo dhila late deri der ajhai ajhaisamma ajha delay delayed slow abhi_tak",
    ),
    (
        Idea::Broken,
        "futeko phuteko futyo phutyo fute phute phutera futera broken broke toota tooti toote tute tutera tuteko tutyo tuta damaged damage chyati* chyateko chyatiyo fata fati fate phata phati \
         phate phatiyeko leak* leaking crack* cracked bhijeko bhijyo bhiga bhiga_hua wet torn crush crushed bigreko_aayo khasyo khaseko pokhiyeko pokhyo pokhiyo pokheko dented chuhi* \
         chuhieko kuchie* kucchi* toota tooti toote dyamej dyamage पोखियो smashed",
    ),
    (
        Idea::Missing,
        "kam kami missing chhutyo chutyo chuteko chhuteko chhuti chuti ghat ghati ghateko ghatyo short shortage less nai_aayena napugeko napugyo aayeko_chaina_ek \
         mileko_chaina milena paiena paena paina payena pahiena nahi_mila nahi_mile nahi_mili nhi_mila nai_mila missed not_received harayo harayeko didnt_get did_not_get \
         didnt_receive not_delivered utrena utryena not_in_the khasko nikleko_chaina niklena missig adhuro",
    ),
    (
        Idea::Wrong,
        "galat galti galt wrong arkai arkaiko arko_saman arkoi farak pharak different mistake bigar gadbad gadbar incorrect betterai galtile doosra dusra saman_arkai",
    ),
    (
        Idea::Spoiled,
        "kira keeda keede keera kide kiraa kida gandha ganaune ganayo ganauncha ganda basi baasi kharab kharaab bigreko bigryo bigriyo bigre bigrieko sadeko sadyo sada \
         kuheko kuhiyo kuhyo expired expire expiry mold mouldy rotten stale smell smells smelly dhusi dhushi sukeko_chaina nakkali duplicate date_sakiyeko date_gayeko miti_sakiyeko \
         myad_sakiyeko myad khatam_date insects bugs weevils musa dhunga dhungaa stone stones kankad kankar ramro_bhaena ramro_bhayena ramro_chaina ramro_thiena achha_nahi quality_kharab naramro_guna nakali dublicate नक्कली म्याद",
    ),
    (
        Idea::Dear,
        "mahango mahanga mahangi mahgo mehenga mehnga mahenga expensive costly badhi_rate rate_badhi jyada_rate overcharge* overcharged dherai_rate",
    ),
    (
        Idea::Much,
        "dherai badhi badhyo jyada zyada jyaada high higher too_much badhayo badhaeko badhaunu bahut",
    ),
    (Idea::If, "bhane bhaye vane vaye if agar yadi"),
    (
        Idea::Bad,
        "complaint complain gunaso sikayat shikayat sikayet thagi thag thagyo cheat cheated fraud bad worst poor naramro khattam bekar bekaar bakwas ghatiya risaun* risau* risayo \
         not_fair unfair dikka thageko terrible horrible rude dhoka pareshan unacceptable unhappy disappointed hairan ठगी jhagada behavior bewahar byabahar",
    ),
    (
        Idea::Return,
        "firta phirta firtaa return wapas waapas vapas refund exchange replace_gar* फिर्ता",
    ),
    (Idea::Service, "service sewa seva third_time"),
    (Idea::BillWord, "bill bil invoice billing बिल"),
    (
        Idea::Paid,
        "paid tireko tiryo tire tireko_chu tirisak* tiriyo tirdiye tiridiye tire_hai diye diyeko diyeko_chu diyen pathae pathaye pathayeko pathako pathaeko pathaeko_chu pathaisakeko \
         bheja_paisa paisa_bheja jama jamma_gar* jamma_gareko jama_gareko deposit deposited transfer transferred haldiye hale haale haleko haliyo halidiye haldiyeko bhuktani bhuktan chuktaa chukta \
         chukta_gareko de_diya de_diye dediya diya payment_done payment_gare* gareko gare kar_diya kar_diye karwaya sent diyako buझाए bujhaye bujhaeko halisake halideko halidieko halidiyeko haldieko haldiyeko haldeko halisakeko haldiya diisake \
         daal_diya dal_diya daal_diye payment_kar_diya तिरेको तिरेँ cleared settled चुक्ता bujhayeko",
    ),
    (
        Idea::WillPay,
        "tirchu tirchhu tirxu tirne tirula tirdinchu tiridinchu tirnechu tirisakchu tirisakxu tirne_chu tirauchu tirchau dinchu dinchhu dinxu dinechu dine_chu dine_chhu dinchau dunga doonga de_dunga \
         dedunga denge de_denge dedenge kar_dunga kardunga chuka_dunga chukaunga will_pay i_ll_pay ill_pay pay_tomorrow going_to_pay paying halchu haldinchu halne_chu pathaidinchu_paisa \
         paisa_pathauchu payment_garchu garchu_payment bujhauchu bujhaunchu tirera will_clear will_settle will_deposit will_transfer pay_you pay_by तिर्छु",
    ),
    (
        Idea::PayWord,
        "payment clear pay paisa paisaa paise rakam bhuktani tirna tirnu किस्ता kista installment instalment cash nagad nagadi rupees amount advance पेमेन्ट",
    ),
    (
        Idea::Channel,
        "esewa e_sewa khalti fonepay phonepay fone_pay connect_ips connectips ips bank cheque check chek chk slip voucher vaucher upi imepay ime_pay ime qr mobile_banking online \
         bank_transfer phonepe prabhu remit खल्ती इसेवा बैंक चेक",
    ),
    (
        Idea::Money,
        "rs npr rupaiya rupiya rupiyan rupaiyan rupees rupee rupaye rupya ru re nrs रु रू रुपैयाँ रुपिया रुपये",
    ),
    (
        Idea::SoldOut,
        "sakyo sakiyo sakieko sakiyeko sakkyo sakiyo_hai khatam sold_out out_of_stock stock_out stockout finished chaina_stock siddhiyo siddhyo sidhyo khattam_bhayo no_stock nil sakie \
         stock_chaina chhaina chaina",
    ),
    (
        Idea::Cannot,
        "cannot cant can_not mildaina milena mildena sakdina sakdaina sakinna sakindaina sakina sakiena sakena nasakne dina_sakdina unable not_possible nahi_hoga nahi_ho_payega na_milne \
         nahi_de nahi_de_payenge nahi_de_sakte nahi_ho_sakta hudaina hudena hundaina hunna hunnaa reject rejected decline declined refuse no_can namilne mushkil garna_sakdina pugdaina nahi_bhej_payenge \
         possible_chaina possible_xaina namilcha parena nahi_payenge अस्वीकार asambhav not_able wont",
    ),
    (
        Idea::AcceptWord,
        "accept accepted swikar sweekar swikrit manjur manjoor manzoor accepting swikaar ho_jayega ho_jaega hojayega le_lunga lagbhag_huncha agree we_will_deliver \
         will_deliver pathaidinchu pathaidinchhu pathaidinxu pathauchu pathauchhu bhej_denge bhej_dunga bhej_deta bhejta_hu lagauchu milaidinchu milaunchu गर्छु garchu garchhu gardinchu",
    ),
    (
        Idea::WillSend,
        "pathauchu pathauchhu pathaunchu pathaula pathaidinchu pathaidinchhu pathaune_chu pathauxu pathaunxu bhej_denge bhej_dunga bhejunga will_send bhejenge dinchu",
    ),
    (
        Idea::Load,
        "dispatched dispatch dispatch_gareko dispatch_bhayo dispached load loaded out_for_delivery on_the_way way_ma baato_ma bato_ma nikalyo niklyo nikleko nikal_gaya nikal_diya nikal_diye niskyo niskiyo niskeko niskiyeko niskisakyo nisksyo \
         gadi_ma gaadi_ma gaadi_nikal* gadi_nikal* pathaisak* pathaidiye pathaye pathaeko pathako pathayo pathaiyo pathaiyeko chalyo chalisakyo \
         bhej_diya bhej_diye bhejdiya bhej_chuke bhej_chuka shipped left_the gadi_chalyo laad_diya rawana sent_out sent roadma road_ma hideko hidyo hindyo लोड गाडीमा nikalisakyo nikaliyo chadai* chadhai* chadaisake* chadhaisake*",
    ),
    (
        Idea::Person,
        "manche manchhe maanche manchesanga person human agent operator sahuji sahujee saahu_ji staff owner malik maalik representative executive manager someone kohi kisi insaan \
         aadmi admi real_person support customer_care karmachari karmacharilai मान्छेसँग मान्छे साहुजी human_being",
    ),
    (
        Idea::Call,
        "phone fon kal_gar* call_gar* phone_gar* fon_gar* call_me call_kar* phone_kar* ring contact sampark number_dinu number_dinus",
    ),
    (
        Idea::Talk,
        "talk kura kuraa baat bat_kar* baat_kar* speak connect_me connect chat_with boln* kurakani bolna कुरा",
    ),
    (
        Idea::Help,
        "help sahayog sahayata sahayta maddat madat madad menu instructions instruction guide commands options help_me helpp sikai* sikau* samjha* bujhai_din* हेल्प मेनु kasari_order kasari_garne",
    ),
    (Idea::How, "kasari kasri how kaise kaisa kaisey how_to how_do"),
    (
        Idea::Hello,
        "namaste namaskar namaskaar nmste namste namastey hello helo halo hallo hi hii hiii hey heyy hlo hlw good_morning good_afternoon good_evening good_night subha_prabhat shubha_prabhat \
         subha_prabhaat subhaprabhat subh_prabhat sanchai sanchae sancho sanchho k_cha ke_cha k_xa kasto_cha kasto_chha kaisa_hai kaise_ho kaise_hai khabar k_chha ram_ram pranam dhog salam jay_nepal \
         jaya_nepal gm gn good_day_sir morning shubha_din shubhaprabhat subha_bihani subha_sandhya aaram",
    ),
    (
        Idea::Thanks,
        "thanks thank thankyou thx tnx thnx thanku thank_you dhanyabad dhanyabaad dhanyawad dhanyavad dhanyavaad danyabad shukriya sukriya shukria abhari aabhari thnks धन्यवाद",
    ),
    (
        Idea::Rest,
        "rest aru_sabai aru_sab aru_saman arko_sabai baki_saman baki_sab baki_sabai baki_ok remaining others baki_maal",
    ),
    (
        Idea::All,
        "all sab sabai sabei sabbai everything puro pura poora puraa sampurna sabaithok full jamma total whole sabae",
    ),
    (
        Idea::Good,
        "good ramro raamro badhiya thik_cha fine nice great all_good perfect thik thik_thak thikthak sakusal surakshit safely ok okay complete completely sahi_salamat",
    ),
    (
        Idea::Each,
        "each every apiece dubai dubaiko dui_wata_ko duitai duitaiko dono dono_ka dono_ke tinai tinaiko tintai sabaiko_ko harek harekko har_ek pratyek sab_ka sabka both",
    ),
    (Idea::Later, "pachi paxi pachhi bhanchu bhanula baad later"),
    (
        Idea::Future,
        "bholi parsi kal tomorrow talab salary aune mangalbar sombar budhbar bihibar sukrabar sanibar aaitabar monday tuesday wednesday thursday friday saturday sunday next",
    ),
    (
        Idea::Now,
        "ahile aile aba abo ab abhi now urgent asap jaldi jaldai chito chitto turunta turuntai turant tatkal soon immediately quick_delivery fast",
    ),
    (
        Idea::Today,
        "aja aaja aaj today aajai ajai tonight bihana beluka belukaa diuso rati morning mrng evening evng eve afternoon sajha saanjha subah sham shaam",
    ),
    (Idea::Receive, "list_ma"),
    (
        Idea::Existing,
        "order_ma order_me order_mein order_maa order_bata order_se from_order in_order mathi_ko mathiko mathi aghi_ko aghiko agi_ko agiko bhakhar_ko bharkhar_ko \
         bharkharai_ko ahile_ko ahileko yo_order tyo_order same_order_ma order_lai upar_wala upar_ke upar_wale upar existing \
         usme usi_me tesma tyasma tyo_ma bharkharko agadi_ko अघिको माथिको अर्डरमा अर्डरबाट aghi_pathako",
    ),
    (
        Idea::Status,
        "status stetas staitas sthiti k_bhayo ke_bhayo kya_hua k_vayo kaha_pugyo kata_pugyo kaha_pugiyo update_me any_update where_is kahan_hai kaha_hai kahan_tak kaha_samma kun_awastha स्टाटस स्टेटस what_happened kasto_bhayo",
    ),
    (Idea::Track, "track tracking trace"),
    (Idea::No, "no nope chaina hudaina hunna chhaina hundaina nahi"),
    (Idea::Know, "thaha thaahaa malum pata know"),
    (Idea::Old, "purano puraano old"),
    (
        Idea::Filler,
        "e dina galti_vayo galti_bhayo malai hamilai hami haamilai lai i me we us you u tapai tapaai tapaiko tapai_haru hajurko hajurlai timi timro aap aapka aapke aapko mujhe muje hume hamko humko tum unko uhi uhalai sir sar \
         saar maam madam mam dai daai dada dajyu dai_haru didi di bhai vai bhaiya bhaia bhaiyaa bhaisab bhaisaab bahini baini kaka kaki mama mami sahu sahuji shahu sahuji saahu saheb sahab saahab sahib sab_ji ji jee jyu bro boss brother \
         uncle aunty friend yaar yar sathi saathi mitra guru hero dost please pls plz plzz plij kindly kripaya kripya pleas plese plx hai ha hau na ni la ta nai la_na hos ho hoo oi are ae o lu hey ok okay acha \
         achha accha hola bhane vane bhanera bhani bhaneko ye yo tyo yi ti yaha tyaha yahan this that these those the a an some any just chai chahi chaahi chahine cha chha yesto tyasto esto jati jatti ni_ta po pani pni bhi also too as \
         well in on at for with by per of it its is be and_also so then but tara lekin par magar if bhaye bhayo bhae vayo vako bhako bhayeko hunu hunuhos hunuhuncha hera hernu herdinu herdinus herau hernus suna sunnus sunnu dekha dekhau* dekhaun* \
         dekhaidin* show give get from_my pasal pasalma pasalko pasal_lai dokan dokanma dukan shop store godam ghar gharma bata_ma lagi ko_lagi ke_liye liye vaste samma samman bhitra bahira tira agadi pachadi sanga sangai saath \
         ek_palta ek_choti ekchoti palta patak choti feri_pani pani_hai bhanna bhannu bhandinu bhandinus batao batau* bataun* bata_do bataidin* batana bataiye dai_ho dai_le khulla_ma dherai thorai ali alik alikati thoda thora zara \
         ramro ramrai gahak grahak customer customers chai_chai chal raha rahe rahi rahyo re raichan jasto_cha sanchai_cha hunna_ra la_hai haina_ra ke_cha din dinma haptama mahinama naya new arko \
         aru aruko tyo_pani yesma esma isme isme_se usme mein me ma maa le tak tira_bata your his her will would shall should could can must may has have had been am were pathako_khabar \
         delivery_ko delivery_garnu pugcha_hola garnu_parne nabirsinu na_birsinu birsiyera bhulera yaad samjhera fatafat note enter qty quantity quantities matrai ekdam khai time take taking yatti yati itna utna bahut dherei hamesha sadhai sadhaiko sadhain \
         usual usually regular brand brands cheap sasto sastoo sasta ramro_wala good_quality best fresh taja taaja naya_wala jun jo koi pic photo need_by kind type kisim thari quality namuna sample plus_one one_more aajako aajalai bholilai for_shop near \
         aaunu aauda aaune_bela khata_ma lagaunu lagayo lagaeko very parcha parchha paryo parne parxa paryeko lekh* lekhn* likh* likhn* likhna jod_ke jodera sabai_gari gari gardai hunthyo hunthiyo thiyo lagda parda foldedhands thumbsup item_haru haru haruko more order_ho order_cha naam name hamro_pasal k_re",
    ),
];
