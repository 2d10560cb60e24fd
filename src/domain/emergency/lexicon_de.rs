//! The emergency lexicon in German, with core phrases in Dutch; data alone.

use super::{AlarmKind, Block, Lexicon};

pub const LEXICONS: &[Lexicon] = &[
    Lexicon { blocks: GERMAN, lists: GERMAN_LISTS, supposing: GERMAN_SUPPOSING, unspaced: false },
    Lexicon { blocks: DUTCH, lists: DUTCH_LISTS, supposing: DUTCH_SUPPOSING, unspaced: false },
];

const GERMAN_LISTS: &[(&str, &str)] = &[
    (
        "ORT",
        "zimmer|zimmern|flur|gang|kuche|bad|badezimmer|balkon|gebaude|haus|stock|etage|treppe|treppenhaus|aufzug|fahrstuhl|lift|hotel|rezeption|suite|bett|garage|tiefgarage|keller|terrasse|restaurant|lobby|waschkuche|steckdose|fenster|decke|tur|sauna|pool|dach|schrank|nebenzimmer|hotelzimmer",
    ),
    (
        "DING",
        "zimmer|kuche|bett|vorhang|vorhange|mulleimer|papierkorb|ofen|fernseher|ladegerat|akku|steckdose|fon|hotel|gebaude|haus|haare|auto|dach|handy|lampe|sofa|handtuch|balkon|wasserkocher|laptop|nebenzimmer|kabel",
    ),
    (
        "NAHE",
        "mann|frau|sohn|tochter|kind|kinder|mutter|vater|mama|papa|baby|freund|freundin|bruder|schwester|oma|opa|grossmutter|grossvater|kollege|kollegin|partner|partnerin|enkel|enkelin|schwiegermutter",
    ),
    (
        "TATER",
        "mann|manner|jemand|typ|typen|fremder|fremde|ehemann|freund|ex|betrunkener|er|sie|dieb|diebe|einbrecher|leute|person|nachbar|gast|kerl",
    ),
    ("WAFFE", "pistole|messer|waffe|gewehr|machete|bombe|axt|schusswaffe"),
    (
        "KNOCHEN",
        "bein|arm|hufte|handgelenk|knochel|fuss|hand|nase|hals|rucken|knie|schulter|finger|rippe|ellbogen",
    ),
];

const GERMAN_SUPPOSING: &[&str] = &[
    "(im fall|falls|bei) [(eines|einem|es|ein)]",
    "was (passiert|tun|mache ich|machen wir|muss ich tun|soll ich tun) (wenn|bei|im fall|falls) ~4",
    "wenn es [ein]",
    "angst vor [(einem|einer)]",
];

const GERMAN: &[Block] = &[
    Block {
        lang: "de",
        kind: AlarmKind::Fire,
        says: &[
            "(es|hier|da) brennt|brennt es|(zimmer|kuche|bett|vorhang|mulleimer|haus|hotel|auto|balkon|steckdose|fernseher|flur|etwas|alles|dach|gebaude|sofa|papierkorb|nebenzimmer|lampe|ladegerat) brennt|(feuer|brand|flammen) (im|in|am|auf|auf dem) [(meinem|unserem|der|dem|einem|meiner|unserer)] ~1 $ORT",
            "(feuer|brand) ausgebrochen|(es gibt|wir haben|ich sehe|hier ist|da ist|sehe) [(ein|einen|das)] (feuer|brand|flammen)|in flammen|feuer gefangen|fangt feuer|in brand",
            "=[(hilfe|achtung|schnell)] (feuer|es brennt|brand) [(feuer|hilfe|schnell)] [(hilfe)]",
            "(rauch|qualm) ~2 (im|in|auf|aus|unter) [(dem|der|meinem|unserem|meiner)] ~1 ($ORT|$DING)|(viel|dichter|schwarzer|starker|uberall) (rauch|qualm)|(rauch|qualm) (uberall|dringt|kommt|steigt)|(kommt|dringt|steigt) (rauch|qualm)|voller (rauch|qualm)",
            "(riecht|stinkt|rieche|riechen) ~2 [(nach)] (verbrannt|verbranntem|rauch|verschmort|brand|verschmortem|feuer|angebrannt)|brandgeruch|es qualmt|$DING (qualmt|raucht|funkt|schmort|spruht funken)",
            "(feueralarm|brandalarm|rauchmelder|feuermelder|rauchalarm|alarm) ~1 (ist|hat|geht|lautet|piept|schlagt|wurde|klingelt) [(los|losgegangen|ausgelost|ausgelost worden|alarm|angeschlagen|an)]",
            "(explosion gehort|gab eine explosion|eine explosion|explodiert)",
            "(ruf*|hol*|brauchen|verstandig*|schick*|alarmier*) [(sie|bitte|die|sofort)] [(bitte|sofort|die)] [die] feuerwehr",
        ],
        unless: &[
            "(kamin|kaminfeuer|feuerwerk|lagerfeuer|grill|feuerstelle|zigarette|zigaretten|zigarre|tabak|joint|gras|raucht jemand|rauchen|raucher|ubung|probe|test|probealarm|feuerloscher|wecker|licht brennt|lampe brennt nicht|brennt nicht|nichtraucher|feuerzeug)",
            "(batterie|batterien) ~3",
        ],
    },
    Block {
        lang: "de",
        kind: AlarmKind::Gas,
        says: &[
            "(riecht|stinkt|rieche|riechen) ~2 nach gas|gasgeruch|gasleck|gas (tritt aus|stromt aus|ausgetreten|leck)|gas austritt",
            "kohlenmonoxid|(co melder|co alarm) ~2 (piept|alarm|los|schlagt)",
        ],
        unless: &["kohlenmonoxidmelder (im|vorhanden)|haben sie ~2 kohlenmonoxid*"],
    },
    Block {
        lang: "de",
        kind: AlarmKind::SelfHarm,
        says: &[
            "(mich|sich) (umbringen|umzubringen|toten|erhangen|aufhangen|ritzen|verletzen will|was antun|etwas antun)|(bringe|bringt) (mich|sich) um|(mir|sich) (das leben nehmen|die pulsadern|etwas antun|was antun)",
            "(will|mochte|wollte|wurde am liebsten) ~2 (sterben|tot sein|nicht mehr leben|nicht mehr da sein)|(nicht mehr|nicht langer) leben|lebensmude",
            "(selbstmord|suizid|suizidgedanken|selbstmordgedanken|suizidal|uberdosis)",
            "(tabletten|schlaftabletten|pillen) (genommen|geschluckt)",
            "(springe|springen|springt|sturzen|sturze) ~4 (balkon|fenster|dach|brucke|terrasse)|(vom|aus dem) (balkon|fenster|dach) (springen|springt|sturzen|gesprungen)",
            "(meinem|mein|seinem|ihrem) leben ein ende",
        ],
        unless: &["(lachen|hunger|durst|hitze|scham|kopfschmerztabletten|pool|kopfschmerz*)"],
    },
    Block {
        lang: "de",
        kind: AlarmKind::Medical,
        says: &[
            "atmet (nicht|kaum|schwer|nicht mehr|nicht richtig)|(kann|konnen|bekomme|bekommt|kriege|kriegt) ~3 (nicht|kaum|keine|nicht mehr|nicht richtig|schlecht|schwer) [(mehr|richtig)] (atmen|luft)|atemnot|(probleme|schwierigkeiten) beim atmen|(erstickt|ersticke|verschluckt ~3 luft|am ersticken)|hort auf zu atmen|aufgehort zu atmen",
            "(bewusstlos|ohnmachtig|ohnmacht|bewusstlosigkeit)|(reagiert|bewegt sich|wacht|antwortet) (nicht|nicht mehr)|(umgekippt|zusammengebrochen|kollabiert|krampft|krampfe)|(ruhrt|regt) sich (nicht|nicht mehr)|kein puls|keinen puls|(hat|bekommt) ~2 (einen anfall|krampfe)|unertragliche schmerzen|das bewusstsein verloren|ist umgefallen",
            "(herzinfarkt|schlaganfall|herzstillstand|krampfanfall|epileptischen|epileptischer|anaphylaktisch*|allergischer schock|allergischen schock|allergische reaktion|asthmaanfall|fehlgeburt|herzanfall|blinddarm)",
            "(schmerzen|stechen|druck|schmerz|enge) ~2 (in|auf) der brust|brustschmerzen|brust (tut weh|schmerzt)",
            "blutet ~1 (stark|sehr|heftig|nicht auf|am|aus|wie|und|viel|immer)|(viel|voller|uberall|verliert) ~1 blut|blutung (stoppen|stoppt|hort)|starke blutung|blutlache|hort nicht auf zu bluten",
            "(brauche|brauchen|braucht|ruf*|hol*|schick*|benotige*) [(sie|bitte|sofort|dringend|schnell|uns|mir|ich|wir|einen|jetzt)] [(bitte|sofort|dringend|schnell|einen|ganz)] [(einen|den|ein|eine|schnell|dringend)] (arzt|notarzt|krankenwagen|rettungswagen|rettungsdienst|sanitater|arztin|rettung|defibrillator|ambulanz|arztliche hilfe|medizinische hilfe)",
            "(krankenwagen|notarzt|arzt|rettungswagen) (sofort|schnell|dringend|bitte|jetzt|benotigt|gebraucht)|medizinischer notfall|=[(bitte|schnell)] [einen] (notarzt|krankenwagen) [bitte]",
            "(gebrochen|bricht) ~4 $KNOCHEN|$KNOCHEN [(ist|wohl|vielleicht|scheint)] gebrochen",
            "(gesturzt|hingefallen|ausgerutscht|gefallen|runtergefallen) ~6 (treppe|dusche|badewanne|balkon|pool|kopf|aufstehen|bewegen|blut*|verletzt|fenster|knochel|bein|bad)|(treppe|dusche|badewanne|balkon|fenster|leiter) [(heruntergefallen)] (gesturzt|gefallen|heruntergefallen|ausgerutscht|runtergefallen|hinuntergefallen|hinuntergesturzt)",
            "(kopf (gestossen|angeschlagen|aufgeschlagen|verletzt)|kopfverletzung)",
            "(ist|sind|wurde|schwer|bin|hat sich|gibt) ~3 (verletzt|verletzte|schwerverletzt|vergiftet|verbrannt|verbruht|schwer verletzt)|stromschlag",
            "(fruchtblase|wehen|blutsturz)|(bekommt|kriegt) ~2 (das|ihr) (kind|baby) (jetzt|gerade)",
            "(ertrinkt|ertrunken|am ertrinken|ertrinke)",
            "(verschluckt|getrunken|geschluckt|gegessen) ~3 (bleiche|gift|batterie|reiniger|medikamente|knopfzelle)|(bleiche|gift|batterie|reiniger|knopfzelle|waschmittel) (verschluckt|getrunken|geschluckt|gegessen)",
            "(hals|zunge|gesicht|lippen) [(schwillt|ist|sind)] ~1 (schwillt|geschwollen|zu|an)|kehle schwillt",
            "(stirbt|liegt im sterben|ist tot|sterbe|lauft blau an|leblos|leiche|blau angelaufen)",
            "(baby|kind|sohn|tochter) ~4 ((39|40|41) [grad] fieber|hohes fieber|sehr hohes fieber)|(39|40|41) [(grad)] fieber",
            "(muss|mussen) ~3 (ins|in ein|in die) (krankenhaus|notaufnahme|klinik) [(sofort|schnell)]|erste hilfe (bitte|schnell|sofort|leisten)|hitzschlag|unterzuckert",
        ],
        unless: &[
            "(vor (jahren|monaten|wochen|zwei|drei|einem)|letztes jahr|letzten monat|letzte woche|vor der reise|rollstuhl|krucken|attest|rezept|termin|arzttermin)",
            "(handy|akku|fernseher|fernbedienung|leitung|telefon|internet|wlan) ~2 (tot|stirbt)|[(ich)] sterbe vor (hunger|durst|langeweile|lachen|hitze)|sterbe gleich vor|stirbt vor (hunger|durst|langeweile)",
            "(fast|beinahe) ~3 (herzinfarkt|schlaganfall)|herzinfarkt ~3 (preis|rechnung)|(herzinfarkt|schlaganfall) (patient|gehabt vor)",
            "(film|krimi|roman)",
        ],
    },
    Block {
        lang: "de",
        kind: AlarmKind::Violence,
        says: &[
            "(wurde|wurden|worden|bin|ist|werde|werden|wird|hat man) ~4 (uberfallen|ausgeraubt|beraubt|bestohlen|angegriffen|vergewaltigt|niedergestochen|zusammengeschlagen|geschlagen|bedroht|entfuhrt|gestohlen|geklaut|belastigt|verfolgt|erstochen|gewurgt|eingebrochen|verprugelt|attackiert|aufgebrochen|durchwuhlt)",
            "(hat|haben) ~5 (gestohlen|geklaut|uberfallen|bestohlen|angegriffen|geschlagen|bedroht|vergewaltigt|ausgeraubt|eingebrochen|gewurgt|verfolgt|aufgebrochen)",
            "(jemand|ein mann|manner|fremder|einbrecher|leute|typ|betrunkener) ~4 (einbrechen|einzubrechen|eingebrochen|bricht|in meinem zimmer|in unserem zimmer|eingedrungen|dringt|versucht ~4 (tur|zimmer|reinzukommen|hereinzukommen)|meine tur|tritt gegen)",
            "(handtasche|tasche|geldbeutel|geldborse|pass|reisepass|handy|koffer|schmuck|portemonnaie|brieftasche|rucksack|laptop|auto|fahrrad) ~4 (gestohlen|geklaut|entrissen|weggerissen|geraubt)|bricht ~3 (jemand|einer) ~3 ein|(jemand|fremder|mann) ~1 (ist|war|steht) ~1 in (meinem|unserem) zimmer|wird gerade eingebrochen",
            "(einbrecher|eindringling|dieb|diebe) (im|in|ist|sind|hat|haben|war)|einbruch (in|im)|raububerfall|bewaffnet*",
            "$TATER ~3 (mit|hat|zieht|zuckt|bedroht ~2 mit) [(einer|einem|ein|eine|einen|der|dem)] $WAFFE",
            "(schusse|schiesserei|schiesst|geschossen|bombendrohung|eine bombe|geisel|geiseln|amoklauf)",
            "$TATER ~1 (bedroht|verfolgt|belastigt|schlagt|verprugelt|wurgt|begrapscht|attackiert|fasst|greift) (mich|uns|sie|ihn|meine|meinen|seine|jemanden|eine|andere|die) [(an)]",
            "(will|wollen|versucht|droht) (mich|uns|sie|ihn) ~1 (umbringen|toten|schlagen|verletzen|umzubringen|vergewaltigen)",
            "(schlagerei|prugelei|messerstecherei) [(im|in|auf|vor|am)]|(prugeln|schlagen|prugelt) sich",
            "(ruf*|hol*|brauche|brauchen|schick*|verstandig*|alarmier*) [(sie|bitte|die|sofort)] [(bitte|sofort|die)] [die] polizei|=[hilfe] polizei [(schnell|bitte)]|polizei (sofort|schnell|dringend|bitte schnell)",
            "(mein|ihr) (mann|freund|ex|ehemann|partner) (schlagt|hat mich geschlagen|bedroht|wurgt|misshandelt)",
            "angst um (mein|unser|ihr) leben|(bin|sind|ist) in [(grosser|akuter)] gefahr|lebensgefahr",
            "(frau|jemand|madchen|person) (schreit|ruft) [(laut)] (um hilfe|hilfe|vor schmerz*)|hilferufe|hilfeschreie",
        ],
        unless: &[
            "herz* (gestohlen|geklaut|erobert)|(mucken|preise|preis|bettwanzen|ameisen|insekten|wespen|moskitos|moskito)",
            "(bringen|haben sie|bekommen|leihen|konnte ich|konnten) ~4 (messer|messern)|gabel|vorgeschlagen|(wird|werden|wurde) ~3 (sahne|eier)",
            "(polizeiwache|polizeistation|film|krimi|fotos geschossen|foto geschossen|bilder geschossen|tor geschossen)",
        ],
    },
    Block {
        lang: "de",
        kind: AlarmKind::Trapped,
        says: &[
            "(stecke|stecken|steckt|hangen|hange|hangt|festgesteckt|sitzen|sitze) ~3 (im|in einem|in dem) (aufzug|fahrstuhl|lift) [(fest)]|im (aufzug|fahrstuhl|lift) ~2 (fest|gefangen|eingesperrt|eingeschlossen|stecken|steckengeblieben|festgesteckt)",
            "(aufzug|fahrstuhl|lift) ~3 (steckt|steckengeblieben|stehengeblieben|stecken geblieben|bleibt stehen|fest) ~4 (drin|mit (uns|mir|leuten|personen)|wir sind|ich bin|jemand|zwischen)",
            "(eingesperrt|eingeschlossen|ausgesperrt auf|gefangen) ~1 (im|in der|auf dem|auf der|in meinem) ~1 (bad|badezimmer|balkon|toilette|sauna|zimmer|keller|treppenhaus|terrasse|garage|wc|dusche)|(im|in der|auf dem|auf der|in meinem) ~1 (bad|badezimmer|balkon|toilette|sauna|zimmer|keller|treppenhaus|terrasse|wc) (eingesperrt|eingeschlossen|ausgesperrt|gefangen)",
            "(komme|kommen|kommt) nicht [(mehr)] (aus|raus) [(aus)] [(dem|der|meinem)] (aufzug|fahrstuhl|lift|bad|badezimmer|zimmer|sauna|balkon|toilette)|(aus dem|aus der) (aufzug|fahrstuhl|lift|bad|badezimmer|sauna|toilette) ~2 (nicht mehr|nicht) (raus|heraus)",
        ],
        unless: &[
            "(schlussel|karte|koffer|gepack|handy|schlusselkarte|zimmerkarte) ~4 (eingesperrt|eingeschlossen|stecken|steckt|fest)",
        ],
    },
    Block {
        lang: "de",
        kind: AlarmKind::Missing,
        says: &[
            "(finde|finden|vermisse|vermissen|suche|suchen) (meinen|meine|mein|unseren|unsere|unser) (sohn|tochter|kind|kinder|baby|kleinen|kleine|enkel|enkelin) [(nicht|nicht mehr|uberall)]",
            "(mein|meine|unser|unsere) ~1 (sohn|tochter|kind|baby|enkel|enkelin|kleine|kleiner|mutter|oma|vater|opa) ~2 (verschwunden|weg|vermisst|weggelaufen|verloren gegangen|verlaufen)",
            "(kind|junge|madchen) (vermisst|verschwunden)|vermisstes kind",
        ],
        unless: &[
            "(spielzeug|teddy|jacke|handy|tablet|schuhe|brille|rucksack|schnuller|puppe|kuscheltier|babysitter|kinderbett|bett|buggy|menu)",
            "(mann|frau|kollege) ist weg",
        ],
    },
    Block {
        lang: "de",
        kind: AlarmKind::Distress,
        says: &[
            "(das|es|dies) ist ein [(medizinischer|echter)] notfall|(haben|habe|gibt|ist) [(hier|einen|ein)] [(einen|ein)] notfall|=[(hilfe|bitte)] notfall [(hilfe|bitte)]",
            "=hilfe [hilfe] [hilfe] [bitte]|=(helfen sie (uns|mir)|zu hilfe|helft (mir|uns)) [(bitte|schnell)] [(schnell|bitte)]",
            "(ruf*|wahl*) [(sie|bitte)] [(bitte|die)] [die] (112|110|911|144)",
            "(hilfe|helfen sie|helft) ~4 (schnell|stirbt|sterben|blut|gefahr|sofort)",
            "(decke|dach|balkon|gebaude) (sturzt|bricht|ist eingesturzt|sturzte) [ein]",
        ],
        unless: &[
            "notfall(nummer|kontakt|plan|koffer|set|ausgang)|kein notfall|familiarer notfall|im notfall|fur den notfall|notausgang",
        ],
    },
];

const DUTCH_LISTS: &[(&str, &str)] = &[(
    "PLEK",
    "kamer|gang|keuken|badkamer|balkon|gebouw|verdieping|trap|trappenhuis|lift|hotel|receptie|bed|garage|kelder|restaurant|lobby|plafond|sauna|zwembad|dak|stopcontact",
)];

const DUTCH_SUPPOSING: &[&str] =
    &["in geval van [een]", "wat (moet ik doen|gebeurt er|doen we) (als|bij) ~4", "als er [een]"];

const DUTCH: &[Block] = &[
    Block {
        lang: "nl",
        kind: AlarmKind::Fire,
        says: &[
            "(er is|is er|we hebben|ik zie) [(een)] [grote] (brand|vuur) [(in|op|uitgebroken)]|(brand|vuur|vlammen) (in|op) [(de|het|mijn|onze|een)] ~1 $PLEK|=[help] brand [(brand|help)] [(brand|help)]|(staat|staan|vliegt|vloog) in (brand|vlammen|de fik)",
            "(rook|rookontwikkeling) (in|op|uit|komt|onder|overal) ~3 [$PLEK]|(veel|zwarte|dikke) rook|(ruik|ruikt|ruiken) ~2 (rook|brand|brandlucht|verbrand)|brandlucht|brandgeur",
            "(brandalarm|rookmelder|rookalarm) ~1 (gaat|ging|loeit|piept|is) [(af|afgegaan)]|(bel|roep|stuur|we hebben) ~2 brandweer",
        ],
        unless: &[
            "(haard|open haard|kampvuur|barbecue|sigaret|sigaretten|sigaar|wiet|roken|oefening|test|vuurwerk|batterij)",
        ],
    },
    Block {
        lang: "nl",
        kind: AlarmKind::Gas,
        says: &["(ruik|ruikt|ruiken) ~2 gas|gaslucht|gaslek|koolmonoxide"],
        unless: &["koolmonoxidemelder aanwezig"],
    },
    Block {
        lang: "nl",
        kind: AlarmKind::SelfHarm,
        says: &[
            "(wil|ga|gaat) ~2 (dood|mezelf doden|zelfmoord plegen|mezelf van kant maken|mezelf iets aandoen|niet meer leven|zichzelf iets aandoen)|zelfmoord|(pak|neem) ~2 leven|overdosis|(mezelf|zichzelf) (ophangen|doden|snijden)|(wil|ga) ~3 springen",
        ],
        unless: &["(lachen|zwembad|trampoline)"],
    },
    Block {
        lang: "nl",
        kind: AlarmKind::Medical,
        says: &[
            "(ademt|ademen|adem) (niet|nauwelijks|moeilijk|niet meer)|(kan|krijg|krijgt) ~2 (niet|geen|nauwelijks) ~1 (ademen|lucht|adem|ademhalen)|moeite met ademen|benauwd ~3 (erg|heel|help)|(is|bijna|aan het) (gestikt|stikken)|stikt",
            "(bewusteloos|flauwgevallen|buiten bewustzijn)|in elkaar gezakt|reageert niet|wordt niet wakker",
            "(hartaanval|beroerte|hartstilstand|epileptische aanval|allergische reactie|hartinfarct|stuiptrekkingen)|(pijn|druk) op (de|mijn|zijn|haar) borst|(bloedt|bloeden) ~1 (hevig|erg|heel|veel|dood|flink)|(veel|overal) bloed",
            "(heb|hebben|bel|stuur|roep|nodig|haal|heeft) ~3 (ambulance|dokter|arts|ziekenwagen|112)|(ambulance|dokter|arts) [(nodig)] (nodig|snel|nu|meteen|direct)",
            "(been|arm|pols|enkel|heup) gebroken|(gevallen|uitgegleden) ~4 (trap|douche|hoofd|bad|gewond|opstaan)|(van de trap|in de douche|in bad) (gevallen|uitgegleden)|(is|zijn|zwaar|ernstig) gewond|vliezen|weeen|verdrinkt|verdronken|(is|gaat) dood(gaan)?|aan het doodgaan",
        ],
        unless: &[
            "(jaar geleden|vorig jaar|rolstoel|krukken|weken geleden)",
            "(batterij|telefoon|tv) ~2 dood",
        ],
    },
    Block {
        lang: "nl",
        kind: AlarmKind::Violence,
        says: &[
            "(ben|zijn|is|werd|werden|word|wordt) ~4 (beroofd|overvallen|aangevallen|bestolen|gestolen|verkracht|neergestoken|bedreigd|mishandeld|ingebroken|gestoken|geslagen)|(heeft|hebben) ~4 (gestolen|beroofd|ingebroken|bedreigd|geslagen|aangevallen)",
            "(man|iemand|mannen|vreemde|dief|inbreker) ~4 (in te breken|inbreken|in mijn kamer|mijn deur|bedreigt|achtervolgt|slaat|valt ~2 aan|met een (mes|pistool|wapen|geweer))|inbreker|indringer|(schoten|schietpartij|geschoten|bommelding|gijzelaar)",
            "(bel|roep|stuur|haal) ~2 politie|politie (nodig|nu|snel)|vechtpartij|ze vechten|(ben|zijn) in gevaar|(vrouw|iemand) (schreeuwt|gilt|roept) om hulp",
        ],
        unless: &["hart gestolen|(muggen|prijzen|prijs)|vork|(foto|foto s) geschoten"],
    },
    Block {
        lang: "nl",
        kind: AlarmKind::Trapped,
        says: &[
            "(vast|opgesloten|vastgezeten|gevangen) ~2 (in|op) (de|het|mijn) (lift|badkamer|balkon|toilet|sauna|kamer|kelder)|(in|op) (de|het|mijn) (lift|badkamer|balkon|toilet|sauna|kamer|kelder) ~1 (vast|opgesloten)|(zitten|zit) vast in ~1 lift",
        ],
        unless: &["(sleutel|sleutels|koffer|pasje)"],
    },
    Block {
        lang: "nl",
        kind: AlarmKind::Missing,
        says: &[
            "(kan|kunnen|vind|vinden) ~1 (mijn|onze|ons) (zoon|dochter|kind|kinderen|baby) niet|(mijn|onze|ons) (zoon|dochter|kind|baby) is ~1 (weg|verdwenen|vermist|kwijt)|(kind|jongen|meisje) (vermist|kwijt)",
        ],
        unless: &["(speelgoed|jas|telefoon|knuffel|tas)"],
    },
    Block {
        lang: "nl",
        kind: AlarmKind::Distress,
        says: &[
            "(dit|het) is een noodgeval|=[help] noodgeval|bel 112|=help help [help]|=help (ons|mij|me) [(snel|alsjeblieft|aub)]|(er is|we hebben) een noodgeval",
        ],
        unless: &["geen noodgeval|in geval van|nooduitgang"],
    },
];
