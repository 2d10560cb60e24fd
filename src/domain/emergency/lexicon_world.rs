//! The emergency lexicon's core phrases in Polish, Russian, Ukrainian, Turkish, Arabic, Japanese and Chinese; data alone.

use super::{AlarmKind, Block, Lexicon};

pub const LEXICONS: &[Lexicon] = &[
    Lexicon { blocks: SPACED, lists: &[], supposing: SUPPOSING, unspaced: false },
    Lexicon { blocks: UNSPACED, lists: &[], supposing: UNSPACED_SUPPOSING, unspaced: true },
];

const SUPPOSING: &[&str] = &[
    "w razie|w przypadku|co (robic|zrobic) (w|gdy|jesli) ~2",
    "в случае|при|что делать (при|если|в случае) ~2|если (будет|случится|начнется)",
    "у разі|у випадку|що робити (при|якщо|у разі) ~2|уразі|у разi",
    "yangin aninda|bir",
    "في حالة|حال|اذا حدث|لو حدث",
];

const SPACED: &[Block] = &[
    // Polish
    Block {
        lang: "pl",
        kind: AlarmKind::Fire,
        says: &[
            "(pali|pala) sie|sie (pali|pala)|(jest|mamy|wybuchl|widze) pozar|pozar (w|na)|=[(ratunku|pomocy)] pozar [pozar]|(ogien|plomienie|dym) (w|na|z|spod|wydobywa|wszedzie|leci)|(jest|widze|duzo|pelno|czuje|czuc) [(duzo|zapach)] (ognia|dymu|dym|ogien|spalenizne|spaleniznę|spalenizny)|(alarm|czujnik|czujka) (pozarowy|przeciwpozarowy|dymu) ~1 (wyje|dzwoni|sie wlaczyl|wlaczyl)|(wezwijcie|dzwoncie|wezwij|wezwac|prosze wezwac) ~2 straz|stanelo w ogniu|plonie",
        ],
        unless: &[
            "(kominek|kominku|ognisko|grill|papieros|papierosow|papierosy|cwiczenia|test|swiatlo sie pali|swiatlo|lampka|lampa)",
        ],
    },
    Block {
        lang: "pl",
        kind: AlarmKind::Gas,
        says: &[
            "(czuc|czuje|smierdzi|zapach) ~1 (gaz|gazem|gazu)|wyciek gazu|ulatnia sie gaz|gaz sie ulatnia|czad* ~2 (czujnik|zatru*)|zatru* (czadem|tlenkiem)",
        ],
        unless: &[],
    },
    Block {
        lang: "pl",
        kind: AlarmKind::SelfHarm,
        says: &[
            "(chce|zamierzam|mysle o|planuje|chcialbym|chcialabym) [(sie)] (umrzec|zabic|sie zabic|samobojstwie|popelnic samobojstwo|skonczyc ze soba|odebrac sobie)|(zabije|zabic) sie|sie zabij*|nie chce [(juz)] zyc|samobojstw*|(skocze|skoczyc|wyskocze|wyskoczyc) (z|przez) (balkonu|okno|okna|dachu)|(wzialem|wzielam|polknal*|polknelam) ~3 (tabletek|tabletki|tabletkami)",
        ],
        unless: &[],
    },
    Block {
        lang: "pl",
        kind: AlarmKind::Medical,
        says: &[
            "nie (oddycha|moge oddychac|moze oddychac|reaguje|rusza sie|moge zlapac oddechu)|(trudnosci|problem|problemy) z oddychaniem|dusi sie|sie dusi|dusze sie|(stracil|stracila) przytomnosc|nieprzytomn*|zemdlal*|zaslabl*|(ma|mial|miala|mam|dostal|dostala) ~1 (zawal|udar|atak serca|drgawki|atak padaczki|reakcje alergiczna|wstrzas)|bol (w klatce|serca)|boli ~2 klatka|(mocno|bardzo|silnie) krwawi|krwawi|krwotok|duzo krwi|wszedzie krew",
            "(potrzebuj*|wezwij*|prosze|wezwac|dzwoncie|trzeba) ~3 (karetk*|lekarza|pogotowi*|ambulans)|(karetka|lekarz) (szybko|natychmiast|pilnie)|(zlamal*|zlamana|zlamane) ~1 (noge|reke|noga|reka|biodro|kostke|nadgarstek)|(spadl*|upadl*|poslizgn*) ~4 (schod*|prysznic*|glow*|lazien*|wstac)|(jest|ciezko|ktos jest|sa) (ranny|ranna|ranni)|(umiera|nie zyje|tonie|utonal*|topi sie|odeszly wody|odeszly jej wody|zaczela rodzic|rodzi)",
        ],
        unless: &["(rok temu|w zeszlym|miesiac temu|wozek|kule|wozka)", "umieram z (glodu|nudow)|umiera z"],
    },
    Block {
        lang: "pl",
        kind: AlarmKind::Violence,
        says: &[
            "(zostalem|zostalam|zostalismy|zostala|zostal) ~1 (okradzi*|napadniet*|zaatakowan*|pobit*|zgwalcon*|obrabowan*|pchniet*|dzgniet*)|(ukradli|ukradl|ukradziono|skradziono|skradli|okradli|napadli|zaatakowal*|pobil|pobili|grozi mi|bije) (mi|nam|mnie|nas|moj*|nasz*|mu|jej|moja|kobiete|zone)|(mnie|nas|mi|nam) (okradli|napadli|ukradli|pobili|pobil|okradziono|napadnieto|zaatakowal*|okradl|ukradl|bije|grozi|sledzi)|wlaman*|(ktos|mezczyzna|facet) ~4 (wlamac|wlamal|wlamuje|wejsc|z (nozem|bronia|pistoletem)|w moim pokoju|ma (noz|bron|pistolet)|grozi|bije|sledzi|atakuje)|zlodziej*|(strzaly|strzelanina|strzelaja|bomba|zakladnik*)|(wezwij*|dzwoncie|wezwac|prosze wezwac|potrzebuj*) ~2 policj*|bojka (w|na)|bija sie|w niebezpieczenstwie",
        ],
        unless: &["(komar|komary|ceny|pluskwy)|skradl* (moje|nasze) serc*"],
    },
    Block {
        lang: "pl",
        kind: AlarmKind::Trapped,
        says: &[
            "(utknal*|utknel*|uwiezi*|zatrzasn*|zamkniet*|zacial* sie|utkwil*|zacieli*) ~3 (w|na) (windzie|lazience|balkonie|toalecie|saunie|pokoju|lazience)|(nie moge|nie mozemy) wyjsc z (windy|lazienki|toalety|pokoju|sauny)",
        ],
        unless: &["(klucz*|walizk*|karta)"],
    },
    Block {
        lang: "pl",
        kind: AlarmKind::Missing,
        says: &[
            "(nie moge znalezc|nie mozemy znalezc|zgubil*|zaginal|zaginela|zaginelo|zniknal|zniknela|zniknelo) ~1 (moj*|nasz*|mojego|mojej) (syn*|cork*|dzieck*|corki)|(moj|moja|moje|nasz|nasza|nasze) (syn|corka|dziecko|coreczka|synek) ~1 (zaginal|zaginela|zaginelo|zniknal|zniknela|zniknelo|sie zgubil*)|zaginelo dziecko",
        ],
        unless: &["(zabawk*|kurtk*|telefon*)"],
    },
    Block {
        lang: "pl",
        kind: AlarmKind::Distress,
        says: &[
            "=[(na)] (ratunku|pomocy) [(ratunku|pomocy|prosze)] [pomocy]|(to|mamy|mam) [jest] [naglym] (nagly wypadek|sytuacja awaryjna)|(dzwoncie|zadzwon*|wezwij*) ~1 (na|pod) (112|999|997)|ratunku",
        ],
        unless: &["wyjscie ewakuacyjne"],
    },
    // Russian
    Block {
        lang: "ru",
        kind: AlarmKind::Fire,
        says: &[
            "=[(помогите|спасите|тут|у нас)] пожар [пожар]|пожар (в|на|у нас|здесь|тут)|(у нас|в (отеле|номере|здании|коридоре|комнате)|начался|здесь|тут|вижу) пожар|(горит|горим|загорел*|загорит*|полыхает|дымится) [(в|наш|наша|номер|комната|отель|здание|кровать|штора|шторы|розетка|что|мой|моя|телевизор|кухня|балкон|соседний|на|все|мусор)]|(номер|комната|отель|здание|кровать|штора|шторы|розетка|телевизор|кухня|балкон|мусорка|что то) (горит|дымится|загорел*|искрит|в огне)|(дым|огонь|пламя) (в|на|из|под|идет|валит|по|везде)|(коридоре|номере|комнате|здании|отеле|кухне|ванной|лифте) [(сильный|густой)] (дым|огонь|пожар|пламя)|(много|идет|валит|полно|вижу|чувствую) дым*|(пахнет|запах|воняет) ~1 (гарью|гари|дымом|дыма|горелым|паленым)|[(пожарная)] (сигнализация|тревога) (сработала|орет|звенит|воет|включилась)|(вызовите|звоните|вызывайте|нужны) ~1 пожарн*|(был|произошел|слышали) взрыв",
        ],
        unless: &[
            "(камин|камине|костер|мангал|шашлык|сигарет*|кур*|учебн*|проверк*|тест|свет горит|горит свет|лампочка|не горит|горит желанием|горим желанием|горящ*)",
        ],
    },
    Block {
        lang: "ru",
        kind: AlarmKind::Gas,
        says: &["(пахнет|запах|воняет) ~1 (газом|газа)|утечка газа|угарн* газ*"],
        unless: &[],
    },
    Block {
        lang: "ru",
        kind: AlarmKind::SelfHarm,
        says: &[
            "(хочу|хочет|собираюсь|думаю|решил|решила|пытался|пыталась|буду) [(о)] (умереть|убить себя|покончить|покончить с собой|самоубийств*|повеситься|убиться|покончит* с)|не хочу [(больше)] жить|(самоубийств*|суицид*|передозировк*|передоз)|(покончить|покончу|покончит) с собой|(прыгну|прыгнуть|спрыгну|спрыгнуть|выпрыгну|выброшусь|выброситься) (с|из) (балкона|окна|крыши)|(выпил*|наглотал*|принял*) ~3 (таблеток|таблетки|снотворн*)|порезал* вены",
        ],
        unless: &["(со смеху|от голода|от смеха)"],
    },
    Block {
        lang: "ru",
        kind: AlarmKind::Medical,
        says: &[
            "не (дышит|могу дышать|может дышать|могу вдохнуть|реагирует|приходит в себя|двигается)|(трудно|тяжело) дышать|задыхает*|задыхаюсь|(потерял|потеряла|без) сознани*|упал* в обморок|обморок|(инфаркт|инсульт|сердечный приступ|приступ эпилепсии|эпилептический|судороги|анафилактическ*|аллергическая реакция|остановка сердца)|(боль|болит|давит) ~2 (в груди|грудь|сердце|сердца)|(кровотечение|истекает кровью|много крови|кровь (идет|везде|не останавливается))|сильно кровоточит",
            "(вызовите|вызывайте|нужна|нужен|нужно|позовите|срочно|звоните) ~2 (скорую|врача|врач|скорая|доктора|доктор|скорую помощь|медик*)|(скорую|врача) (срочно|быстро|скорее)|(сломал*|перелом) ~2 (ног*|рук*|бедр*|шейк*|лодыжк*)|(упал*|поскользнул*) ~5 (лестниц*|душ*|ванн*|голов*|балкон*|встать)|(умирает|умираю|мертв|тонет|утонул*|подавил*|ранен|ранена|раненые|воды отошли|отошли воды|рожает|схватки|травм*)|ударил* ~1 голов*",
        ],
        unless: &[
            "(год назад|в прошлом|месяц назад|коляск*|костыл*)",
            "умираю (от|с) (голода|скуки|смеха|хочу)|умираю хочу",
        ],
    },
    Block {
        lang: "ru",
        kind: AlarmKind::Violence,
        says: &[
            "(меня|нас|его|ее|мою|моего|мужа|жену) (ограбили|обокрали|избили|изнасиловали|атаковали|ударил*|преследу*|похитили|избивают|избивает|бьет|бьют|убивают|хотят убить|хочет убить|зарезали|пырнули|душит)|на (меня|нас|него|нее|мужа|жену) (напал*|нападают)|(украли|украден*|своровали|похитили|стащили|обокрали) [(у меня|у нас)] (мой|мою|мои|наш*|кошелек|телефон|паспорт|деньги|сумку|вещи|машину|номер|чемодан|все)|у (меня|нас) украли|(мне|нам|ей) угрожа*|(кто то|мужчина|человек|мужик|незнакомец|пьяный) ~4 (ломится|вломил*|ворвал*|проник*|с (ножом|пистолетом|оружием)|в моем номере|в нашем номере|взламывает|преследует|угрожает|напал|бьет|избивает|пытается войти|пытается открыть)|(стреляют|стрельба|выстрелы|заложник*|бомба|взлом|грабител*|вооружен*)|(вызовите|вызывайте|нужна|звоните|позвоните) ~2 полици*|драка|дерутся|в опасности|(женщина|кто то|девушка) (кричит|зовет) [на] [помощь]|муж [(меня)] бьет",
        ],
        unless: &["украли (мое|наше) сердце|(комар*|цены|клоп*)|ограбл* ценами|бомба просто|секс бомба"],
    },
    Block {
        lang: "ru",
        kind: AlarmKind::Trapped,
        says: &[
            "(застрял*|заперт*|заблокирован*|закрыл*|захлопнул*) ~3 (в|на) (лифте|ванной|туалете|балконе|сауне|номере|подвале|лестнице)|(не могу|не можем) выйти из (лифта|ванной|туалета|номера|сауны)|(в лифте|на балконе|в ванной|в туалете) (застрял*|заперт*)|лифт застрял ~3 (мы|я|с нами|внутри|люди)",
        ],
        unless: &["(ключ*|чемодан*|карт*|багаж)"],
    },
    Block {
        lang: "ru",
        kind: AlarmKind::Missing,
        says: &[
            "(не могу найти|не можем найти|потерял*|пропал*|исчез*|ищу) (моего|мою|моя|мой|нашего|нашу|наш|наша|своего|свою) (сын*|доч*|ребен*|мам*|бабушк*)|(сын|дочь|дочка|ребенок) (пропал*|потерял*|исчез*)|(пропал|пропала|потерялся|потерялась) (ребенок|сын|дочь|дочка|мальчик|девочка)",
        ],
        unless: &["(игрушк*|куртк*|телефон*|паспорт*)"],
    },
    Block {
        lang: "ru",
        kind: AlarmKind::Distress,
        says: &[
            "=(помогите|спасите|караул|на помощь) [(помогите|спасите|пожалуйста|срочно)] [(помогите|срочно)]|(на помощь|спасите нас|спасите меня)|(это|у нас) (чрезвычайная ситуация|экстренн*|чп)|(звоните|наберите|вызовите) (112|911)",
        ],
        unless: &["запасн* выход"],
    },
    // Ukrainian
    Block {
        lang: "uk",
        kind: AlarmKind::Fire,
        says: &[
            "=[(допоможіть|рятуйте)] пожежа [пожежа]|пожежа (в|у|на)|(у нас|тут|почалася|бачу) пожежа|(горить|палає|загорі*|димить) [(в|у|наш*|номер|кімната|готель|ліжко|на)]|(номер|кімната|готель|ліжко|штора|розетка|кухня|балкон|щось) (горить|палає|загорі*|димить|іскрить)|(дим|вогонь|полум*) (в|у|на|з|іде|йде|по|скрізь)|(коридорі|номері|кімнаті|готелі|кухні) [сильний] (дим|вогонь|пожежа)|(пахне|запах|чути|тхне) ~1 (димом|диму|горілим|гаром|паленим)|(багато|іде|йде|валить) диму|[(пожежна)] (сигналізація|тривога) (спрацювала|виє|дзвенить)|(викличте|викликайте|дзвоніть) ~1 пожежн*|(був|чули|стався) вибух",
            "=[(допоможiть)] пожежа|(горить|палае) [(в|у|номер|кiмната)]",
        ],
        unless: &[
            "(камін|каміні|багаття|мангал|сигарет*|курит*|курять|навчання|перевірк*|світло горить|горить світло|не горить)",
        ],
    },
    Block {
        lang: "uk",
        kind: AlarmKind::Gas,
        says: &["(пахне|запах|тхне|чути) ~1 (газом|газу|газ)|витік газу|чадн* газ*"],
        unless: &[],
    },
    Block {
        lang: "uk",
        kind: AlarmKind::SelfHarm,
        says: &[
            "(хочу|хоче|збираюся|думаю) [(про)] (померти|вбити себе|убити себе|покінчити|самогубств*|повіситися|накласти)|не хочу [більше] жити|(самогубств*|суїцид*|суіцид*|передозуван*)|(стрибну|стрибнути|вистрибну) (з|із) (балкона|вікна|даху)",
        ],
        unless: &[],
    },
    Block {
        lang: "uk",
        kind: AlarmKind::Medical,
        says: &[
            "не (дихає|дихае|можу дихати|може дихати|реагує|реагуе)|(важко|тяжко) дихати|задихає*|задихаюсь|задихаюся|(втратив|втратила|без) свідом*|непритомн*|знепритомн*|(інфаркт|інсульт|серцевий напад|судоми|алергічна реакція|напад епілепсії)|(біль|болить) ~2 (в грудях|у грудях|груди|серце)|(кровотеча|багато крові|стікає кров*|кров (іде|йде|не зупиняється))",
            "(викличте|викликайте|потрібна|потрібен|потрібно|терміново|дзвоніть) ~2 (швидк*|лікар*|медик*)|(швидку|лікаря) (терміново|швидко)|(зламав|зламала|перелом) ~2 (ног*|рук*|стегн*)|(впав|впала|послизну*) ~4 (сход*|душ*|ванн*|голов*)|(помирає|вмирає|помираю|мертв*|тоне|потонув|поранен*|народжує|перейми|води відійшли)",
        ],
        unless: &[
            "(рік тому|минулого|місяць тому|візок|милиці)",
            "(помираю|вмираю) (від|з) (голоду|нудьги|сміху)",
        ],
    },
    Block {
        lang: "uk",
        kind: AlarmKind::Violence,
        says: &[
            "(мене|нас|його|її) (пограбували|обікрали|побили|зґвалтували|вдарив|переслідує|б'є|побив|хочуть вбити)|на (мене|нас|неї|нього) (напав|напали|нападають)|(вкрали|викрали|украли) [(у мене|в мене|у нас)] (мій|мою|мої|гаманець|телефон|паспорт|гроші|сумку|речі|машину|валізу|все)|(у|в) (мене|нас) (вкрали|украли)|(мені|нам) погрожу*|(хтось|чоловік|незнайомець) ~4 (ламається|вдерся|увірвався|з (ножем|пістолетом|зброєю)|в моєму номері|у моєму номері|погрожує|намагається|переслідує|б'є)|(стріляють|стрілянина|постріли|заручник*|бомба|грабіжник*|озброєн*)|(викличте|викликайте|дзвоніть|потрібна) ~2 поліці*|бійка|б'ються|у небезпеці|в небезпеці",
        ],
        unless: &["(комар*|ціни|клоп*)"],
    },
    Block {
        lang: "uk",
        kind: AlarmKind::Trapped,
        says: &[
            "(застряг*|замкнен*|зачинен*|заблокован*) ~3 (в|у|на) (ліфті|ванній|туалеті|балконі|сауні|номері)|(не можу|не можемо) вийти з (ліфта|ванної|туалету|номера)",
        ],
        unless: &["(ключ*|валіз*|картк*)"],
    },
    Block {
        lang: "uk",
        kind: AlarmKind::Missing,
        says: &[
            "(не можу знайти|не можемо знайти|загубив|загубила|зник|зникла|пропав|пропала) (мого|мою|моя|мій|нашого|нашу|наш|наша) (син*|доч*|дитин*)|(син|дочка|донька|дитина) (зник|зникла|пропав|пропала|загубил*)|(зникла|пропала) дитина",
        ],
        unless: &["(іграшк*|куртк*|телефон*)"],
    },
    Block {
        lang: "uk",
        kind: AlarmKind::Distress,
        says: &[
            "=(допоможіть|рятуйте|на допомогу) [(допоможіть|рятуйте|будь ласка|терміново)]|(рятуйте|на допомогу)|(це|у нас) надзвичайна ситуація|(дзвоніть|викличте|наберіть) (112|911)",
        ],
        unless: &["запасн* вихід"],
    },
    // Turkish
    Block {
        lang: "tr",
        kind: AlarmKind::Fire,
        says: &[
            "yangin (var|cikti|basladi|ciktı)|=[(imdat|yardim edin)] yangin [yangin]|(odam*|otel*|yatak|perde|mutfak|bina|koridor*|balkon|prizden|priz|televizyon|cop) ~1 (yaniyor|alev aldi|tutustu|alevler icinde|duman cikiyor)|(duman|alev|alevler) (var|geliyor|cikiyor|doldu)|(koridorda|odada|odamda|mutfakta|otelde|banyoda|asansorde) ~1 (duman|yangin|alev|ates)|(yanik|duman) kokusu|duman kokuyor|yangin alarmi ~1 (caliyor|calıyor|caldi)|itfaiye* (cagirin|arayin|lazim|gonderin)|patlama oldu",
        ],
        unless: &["(somine|mangal|sigara|tatbikat|test|yangin merdiveni|lamba|isik)"],
    },
    Block {
        lang: "tr",
        kind: AlarmKind::Gas,
        says: &["gaz (kokusu|kokuyor|kacagi|sizintisi|kaciyor)|karbonmonoksit|karbon monoksit"],
        unless: &[],
    },
    Block {
        lang: "tr",
        kind: AlarmKind::SelfHarm,
        says: &[
            "(kendimi|kendini) (oldurmek|oldurecegim|oldurecek|asacagim|asmak|olduruyor)|(olmek|yasamak) (istiyorum|istemiyorum)|intihar|(balkondan|pencereden|catidan) ~1 atla*|hayatima son|cok fazla hap|butun haplari|asiri doz",
        ],
        unless: &[],
    },
    Block {
        lang: "tr",
        kind: AlarmKind::Medical,
        says: &[
            "nefes (alamiyor*|almiyor|alamadi)|nefes almakta|boguluyor*|(bayildi|bayilmis|bilinci kapali|bilincini kaybetti|bilinci yok|baygin)|kalp krizi|felc gecir*|nobet geciriyor|alerjik reaksiyon|gogsum* (agriyor|agri)|gogus agrisi|[(cok)] kan kaybediyor|kanama* (var|durmuyor)|cok kaniyor|kanlar icinde",
            "(ambulans|doktor|doktora|acil yardim) ~1 (cagirin|lazim|gonderin|istiyorum|ihtiyac*|cagirir|hemen|acil|arayin)|(acil|hemen) (ambulans|doktor)|(bacagi*|kolu*|kalca*|bilegi*) ~1 (kirildi|kirdim|kirdi)|(merdiven*|dusta|banyoda|balkondan) ~2 (dustu|dustum|kaydi|yuvarlandi)|(yarali|oluyor|olmek uzere|dogum basladi|suyu geldi|elektrik carpti)|tepki vermiyor|uyanmiyor|kafasini carpti",
        ],
        unless: &[
            "(gecen yil|gecen ay|tekerlekli|oluyor mu|ne oluyor|oluyor (mu|musunuz|acaba)|nasil oluyor|dahil oluyor|aciktan oluyorum|kahvalti)",
        ],
    },
    Block {
        lang: "tr",
        kind: AlarmKind::Violence,
        says: &[
            "(soyuldum|soyulduk|saldiriya ugra*|bicaklandi*|tecavuz|dovuldu*|gasp edil*|gaspedil*|kacirildi*)|(bana|bize) (saldir*|tehdit|vurdu)|(cantam*|telefonum*|pasaportum*|param*|cuzdanim*|esyalarim*|arabam*) ~1 (calindi|caldilar|calmislar|calinmis)|(biri|adam|bir adam|yabanci|hirsiz) ~4 (girmeye calisiyor|odama girdi|odamda|kapimi zorluyor|kapiyi zorluyor|bicakla|bicagi var|silahi var|silahla|silahli|takip ediyor|tehdit ediyor|dovuyor|saldiriyor)|(hirsiz (var|girdi)|silah sesleri|silah sesi|ates ediliyor|bomba var|rehin)|(polis|polisi|polise) ~1 (cagirin|arayin|lazim|gonderin|cagir|haber)|kavga (var|ediyorlar|cikti)|tehlikede*|(kocam|esim|sevgilim) ~1 (dovuyor|vurdu|dovdu)",
        ],
        unless: &["kalbimi cal*|(sivrisinek|fiyat*)|catal"],
    },
    Block {
        lang: "tr",
        kind: AlarmKind::Trapped,
        says: &[
            "asansorde ~2 (kaldik|kaldim|mahsur|sikistik|sikistim|kaldi)|(banyoda|tuvalette|balkonda|saunada|odada|terasta) ~1 (kilitli|mahsur|kilitlendi*) ~1 (kaldik|kaldim|kaldi)|mahsur kal*",
        ],
        unless: &["(anahtar*|bavul*|kart*) ~2 (kaldi|kilitli)"],
    },
    Block {
        lang: "tr",
        kind: AlarmKind::Missing,
        says: &["(oglum*|kizim*|cocugum*|bebegim*|cocugumuz*) ~1 (kayip|kayboldu|bulamiyor*|yok oldu)"],
        unless: &["(oyuncak*|ceket*|telefon*)"],
    },
    Block {
        lang: "tr",
        kind: AlarmKind::Distress,
        says: &[
            "imdat|=(yardim edin|kurtarin) [(lutfen|imdat|acil)]|bu (acil durum|bir acil durum)|acil durum (var|yardim)|112 yi ara*|112 (arayin|cagirin)",
        ],
        unless: &["acil (cikis|durum cikisi)"],
    },
    // Arabic
    Block {
        lang: "ar",
        kind: AlarmKind::Fire,
        says: &[
            "(يوجد|هناك|في|شب|اندلع|نشب|عندنا|فيه) [(في)] (حريق|الحريق|نار|النار|دخان|الدخان)|(حريق|نار|دخان) (في|من|داخل|تحت|بال*|كثيف)|=[(ساعدونا|النجدة|الحقونا)] (حريق|نار) [(حريق|نار)]|(الغرفة|غرفتي|الفندق|المطبخ|السرير|الستارة|الستائر) (تحترق|يحترق|تشتعل|مشتعلة)|(اشم|نشم) [رائحة] (دخان|حريق|شياط)|رائحة (حريق|دخان|شياط|احتراق)|(جرس|انذار) (الحريق|الحرائق) (يرن|يعمل|انطلق|شغال)|(اتصل*|اطلب*) ب*(الاطفاء|المطافئ|الدفاع المدني)|انفجار",
        ],
        unless: &["(مدفاة|شواء|سجائر|سيجارة|تدخين|مدخن*|تجربة|تدريب|العاب نارية|شيشة|طفاية)"],
    },
    Block {
        lang: "ar",
        kind: AlarmKind::Gas,
        says: &["(رائحة|ريحة|تسرب|تسريب) (غاز|الغاز)|اول اكسيد الكربون"],
        unless: &[],
    },
    Block {
        lang: "ar",
        kind: AlarmKind::SelfHarm,
        says: &[
            "(اريد|سوف|ابغى|عايز|عايزة|ساقوم|افكر في|يريد|تريد|بدي) [(ان)] (اموت|اقتل نفسي|انتحر|الانتحار|قتل نفسي|انهي حياتي|قتل نفسه|يقتل نفسه|تقتل نفسها|ينتحر)|(انتحار|الانتحار|سانتحر|ساقتل نفسي)|لا اريد (ان اعيش|العيش)|(اقفز|القفز|ساقفز|يقفز) من (الشرفة|النافذة|السطح)|جرعة زائدة",
        ],
        unless: &[],
    },
    Block {
        lang: "ar",
        kind: AlarmKind::Medical,
        says: &[
            "(لا|ما|مش) (يتنفس|تتنفس|استطيع التنفس|يستطيع التنفس|تستطيع التنفس|اقدر اتنفس|يقدر يتنفس|قادر اتنفس|عارف اتنفس|يستجيب|تستجيب)|(صعوبة|ضيق) [(في)] (التنفس|تنفس)|(اغمي|مغمى|اغماء|فاقد الوعي|فقد الوعي|فقدت الوعي|فاقدة الوعي) [(عليه|عليها|علي|على)]|(نوبة|ازمة|جلطة|سكتة) (قلبية|قلب|دماغية|صرع)|جلطة|(الم|وجع) [(شديد)] (في|بال*) (الصدر|صدري|صدره|صدرها|صدر)|(ينزف|تنزف|انزف|نزيف)|دم (كثير|في كل مكان)",
            "(احتاج|نحتاج|اطلب*|اتصل*|ارسل*|نريد|اريد|محتاج*|ابعت*|يحتاج|تحتاج) [(الى|ب|بال|لي|لنا)] (اسعاف|الاسعاف|سيارة اسعاف|بالاسعاف|طبيب|طبيبا|دكتور|بطبيب|لطبيب|لدكتور|لاسعاف)|(اسعاف|طبيب|دكتور) (بسرعة|فورا|حالا|الان)|(كسر|كسرت|انكسرت|انكسر) ~1 (ساق*|رجل*|ذراع*|يد*|ايد*)|(يموت|تموت|يحتضر|غرق|يغرق|تغرق|يختنق|تختنق|مصاب|جريح|تلد|المخاض|حساسية شديدة|صدمة كهربائية)|(سقط|سقطت|وقع|وقعت) ~3 (الدرج|السلم|الحمام|راس*|الشرفة)",
        ],
        unless: &["(العام الماضي|الشهر الماضي|كرسي متحرك)", "(اموت|بموت|يموت) من (الجوع|الضحك|الحر)"],
    },
    Block {
        lang: "ar",
        kind: AlarmKind::Violence,
        says: &[
            "(سرق|سرقوا|سرقني|سرقت|انسرق|انسرقت|سرقونا|سرقوني|تعرضت ل*سرقة|تمت سرقة|سرقة) [(مني|منا)] (محفظتي|هاتفي|جوازي|حقيبتي|نقودي|اموالي|غرفتي|سيارتي|جواز|اغراضي|شنطتي|تليفوني|فلوسي|مالي|في|من)|سرقوني|(اعتدى|هجم|هاجم*|ضربني|يضربني|تهجم|يهاجم*|يضرب|ضربوني|طعن*|يهدد*|هددني|اغتصب*|يلاحق*|يتحرش|تحرش) [(علي|علينا|عليها|بي|بنا|زوجته|زوجتي|ابني|امراة)]|(شخص|رجل|احد|حرامي|لص) ~3 (يحاول (الدخول|اقتحام|كسر|فتح)|اقتحم|دخل غرفتي|في غرفتي|معه (سلاح|سكين|مسدس)|يحمل (سلاح|سكين|مسدس|سكينا|سلاحا)|يهدد*|يلاحق*|يضرب)|(لص|حرامي) في|(اطلاق نار|اطلاق النار|رهينة|قنبلة|مسلح*)|(اتصل*|اطلب*|نريد|احتاج|ابلغ*) [ب*] (الشرطة|بالشرطة|البوليس|للشرطة)|(شجار|مشاجرة|خناقة) (في|عند|خارج)|في خطر|زوجي يضربني",
        ],
        unless: &["(سرق|سرقت) (قلبي|قلوبنا)|(بعوض|اسعار|الاسعار|ناموس)"],
    },
    Block {
        lang: "ar",
        kind: AlarmKind::Trapped,
        says: &[
            "(عالق|عالقون|عالقين|عالقة|محبوس|محبوسين|محبوسة|محبوسون|علقت|علقنا|محتجز*|محتجزون) ~1 (في|ب*) ~1 (المصعد|الاسانسير|بالمصعد|الحمام|الشرفة|الغرفة|السطح|الساونا)|لا (استطيع|نستطيع) الخروج من (المصعد|الحمام|الغرفة)",
        ],
        unless: &["(المفتاح|الحقيبة|البطاقة)"],
    },
    Block {
        lang: "ar",
        kind: AlarmKind::Missing,
        says: &[
            "(لا اجد|لا نجد|فقدت|فقدنا|ضاع|ضاعت|اختفى|اختفت|مش لاقي|مش لاقية|لا استطيع العثور على) (ابني|ابنتي|طفلي|طفلتي|بنتي|ولدي|ابننا|ابنتنا)|(ابني|ابنتي|طفلي|بنتي|طفلتي|ولدي) (مفقود*|ضائع*|ضاع|ضاعت|اختفى|اختفت|تاه|تاهت)|طفل مفقود",
        ],
        unless: &[],
    },
    Block {
        lang: "ar",
        kind: AlarmKind::Distress,
        says: &[
            "(النجدة|انقذوني|انقذونا|الحقوني|الحقونا|اغيثوني|اغيثونا)|(هذه|هذا|لدينا|عندي|عندنا) [(حالة)] (طوارئ|طارئة|حالة طارئة|طارئ)|=ساعدوني [(ارجوكم|بسرعة)]|(ساعدوني|ساعدونا) ~2 (بسرعة|فورا|يموت|خطر)|اتصل* ب*(112|999|911)",
        ],
        unless: &["(مخرج|رقم) (ال)?طوارئ"],
    },
];

const UNSPACED_SUPPOSING: &[&str] = &["(もし|万が一|万一)~", "(如果|万一|萬一|要是)~", "(发生|發生)"];

const UNSPACED: &[Block] = &[
    // Japanese
    Block {
        lang: "ja",
        kind: AlarmKind::Fire,
        says: &[
            "火事(です|だ|が|で|!|！|、|$)|^火事$|(煙|けむり)(が|で)~(出|充満|いっぱい|見え|上が|入って|ひどい|すごい|もくもく)|煙です|(部屋|廊下|キッチン|ベッド|カーテン|建物|ホテル|隣|コンセント|充電器|テレビ|ゴミ箱)(が|で|から)~(燃えて|火が|炎|煙が|火花)|燃えて(い|る|ます)|(焦げ|こげ)(臭|くさ)|焦げた(臭|にお|匂)|火災(です|が|報知器が~(鳴|作動)|警報が~鳴|発生しま)|(火災報知器|非常ベル|警報器|火災警報)(が|も)~鳴|消防(車|署)?(を|に)~(呼|電話|連絡|通報)|爆発(し|が|音)|出火",
        ],
        unless: &["(訓練|テスト|点検|暖炉|花火|たばこ|タバコ|煙草|喫煙|焚き火|たき火|場合|バーベキュー)"],
    },
    Block {
        lang: "ja",
        kind: AlarmKind::Gas,
        says: &["ガス(臭|くさ|の臭|のにお|の匂|漏れ|もれ|が漏れ|のにおい)|一酸化炭素(中毒|警報|が)"],
        unless: &["(温泉|硫黄|場合)"],
    },
    Block {
        lang: "ja",
        kind: AlarmKind::SelfHarm,
        says: &[
            "(死にたい|しにたい|自殺|消えてしまいたい|生きていたくない|生きるのが(つら|辛)|もう生きて|命を絶)|(飛び降り)(たい|よう|る|そう)|(睡眠薬|薬)を~(大量|たくさん)~(飲|のん)|手首を切",
        ],
        unless: &["(映画|小説|お腹が空いて死に|暑くて死に|食べたくて死に)"],
    },
    Block {
        lang: "ja",
        kind: AlarmKind::Medical,
        says: &[
            "(息|呼吸)(が|を)~(でき(ない|ません|なく)|していない|してい(ません|ない)|してない|苦し|止ま|荒)|息苦し|(意識)(が|を)~(ない|ありません|失|なく|もうろう)|意識不明|(倒れ)(て|ま|た)|気を失|失神|痙攣|けいれん|(心臓発作|心筋梗塞|脳卒中|心停止|脳梗塞|アナフィラキシー|アレルギー反応|アレルギー発作|喘息(の)?発作|てんかん)|胸が(痛|苦し)|胸の痛み|(血|出血)(が|を)~(止ま|たくさん|大量|ひど|出て|吐)|大量出血|出血して|血だらけ|救急車|(医者|お医者さん|医師|ドクター)(を|が)~(呼|必要|お願い|来て)|(骨折|骨を折|足を折|腕を折)|階段から(落|転)|転んで~(動け|頭|立て|血)|頭を(打|ぶつけ)|(溺れ|おぼれ)|(喉|のど)に(詰ま|つま)|窒息|陣痛|破水|産まれそう|大(けが|怪我|ケガ)|(けが|怪我|ケガ)(人|を(し|負))|(死にそう|死んで|死にかけ)|やけど(し|を)|感電|AED|aed",
        ],
        unless: &["(昨年|去年|先月|場合の|車椅子|映画|骨折して(い)?た|バッテリー|電池|値段)"],
    },
    Block {
        lang: "ja",
        kind: AlarmKind::Violence,
        says: &[
            "(盗まれ|盗られ|ぬすまれ|強盗|泥棒|スリに|ひったくり|襲われ|殴られ|刺され(た|ま)|レイプ|乱暴され|脅され|脅迫|暴行|誘拐|人質|銃(を|声)|発砲|爆弾|侵入|不審者|痴漢|盗撮)|(誰か|知らない人|男|男性|知らない男)(が|に)~(入ろう|部屋に(入|い)|ドアを(叩|開け|蹴)|ナイフ|刃物|包丁|追いかけ|つけられ|暴れ|殴)|(ナイフ|刃物|包丁|拳銃|銃)を(持っ|突)|警察(を|に)~(呼|電話|連絡|通報|お願い)|殺され|殺すと|喧嘩して|けんかして|夫に殴|助けを求め",
        ],
        unless: &["(蚊に|虫に|ダニに|南京虫|心を(盗|奪)|(ナイフ|フォーク)を(貸|持ってき|お借り)|映画|蜂)"],
    },
    Block {
        lang: "ja",
        kind: AlarmKind::Trapped,
        says: &[
            "(閉じ込め|とじこめ)|エレベーター~(止ま|動か)~(中|出られ|乗って)|(トイレ|浴室|風呂|バルコニー|ベランダ|サウナ|部屋|エレベーター)(から|に)~(出られ(ない|ません)|出れ(ない|ません))",
        ],
        unless: &["(鍵|カード|荷物|スーツケース)(を|が)"],
    },
    Block {
        lang: "ja",
        kind: AlarmKind::Missing,
        says: &[
            "(子供|子ども|息子|娘|こども|赤ちゃん|孫)(が|の姿が)~(いなくな|見つから|行方不明|迷子|いません|見当たら|見えない)|迷子(です|に|の子)|行方不明",
        ],
        unless: &["(おもちゃ|服|携帯|靴|子供用)"],
    },
    Block {
        lang: "ja",
        kind: AlarmKind::Distress,
        says: &[
            "助けて(ください|下さい|くれ|!|！|、|$|ー)|たすけて|緊急(です|事態|なんです|です)|(110|119)番?(を|に|して)",
        ],
        unless: &["(緊急(連絡先|ではない|ではありません)|急ぎではない|非常口)"],
    },
    // Chinese
    Block {
        lang: "zh",
        kind: AlarmKind::Fire,
        says: &[
            "(着火|起火|失火|著火|火灾|火災|着火了|烧起来|燒起來|燃烧|燃燒)|(冒|很多|全是|有|大|浓|濃|黑)(烟|煙)~|(烟|煙)(味|雾|霧|很大|从|從|进|進)|(烧|燒)(焦|糊)(味|的)|(糊|焦)味|(火警|烟雾|煙霧|火灾|火災)(警报|警報|报警|警铃|警鈴|报警器)?(响|響|在响|在響)|(叫|打|报|報|找)~(消防|119)|爆炸|救火|冒火花|着了火",
        ],
        unless: &[
            "(禁烟|禁煙|吸烟|吸煙|抽烟|抽煙|香烟|香煙|二手烟|无烟|無煙|烟味|煙味|雪茄|壁炉|壁爐|烟花|煙花|火锅|火鍋|演习|演習|测试|測試|烧烤|燒烤|怎么办|灭火器|抽水烟)",
        ],
    },
    Block {
        lang: "zh",
        kind: AlarmKind::Gas,
        says: &[
            "(煤气|煤氣|瓦斯|天然气|天然氣|燃气)~(味|泄漏|洩漏|漏|泄露|中毒)|(漏|泄漏|洩漏)(煤气|瓦斯|天然气|煤氣)|一氧化碳",
        ],
        unless: &[],
    },
    Block {
        lang: "zh",
        kind: AlarmKind::SelfHarm,
        says: &[
            "(自杀|自殺|自残|自殘|不想活|活不下去|想死|结束(自己的)?生命|結束(自己的)?生命|轻生|輕生|割腕|跳楼|跳樓|上吊)|(吞|吃)(了|下)~(安眠药|安眠藥|药片|整瓶)|从(阳台|窗)~跳",
        ],
        unless: &["(笑死|热死|饿死|餓死|累死|电影|電影)"],
    },
    Block {
        lang: "zh",
        kind: AlarmKind::Medical,
        says: &[
            "(不能|无法|無法|没有|沒有|没|不|停止|难以|難以)呼吸|呼吸(困难|困難|不了|不过来)|喘不(过|過|上)(气|氣|来)|(昏迷|昏倒|晕倒|暈倒|失去(知觉|意识|知覺|意識)|不省人事|没有意识|沒有意識|没反应|沒反應|叫不醒|昏过去|昏過去|晕过去)|(心脏病|心臟病|心梗|中风|中風|癫痫|癲癇|抽搐|过敏性休克|過敏性休克|严重过敏|嚴重過敏|心脏骤停|休克)|胸(口)?(很|好|特别)?(痛|疼|闷|悶)|(流|出|吐)(了)?(很多|好多|大量|不少)?血|(大量|不停)(出血|流血)|血(止不住|流不止)|(叫|需要|打|派|请|請|找|快|呼叫)~(救护车|救護車|医生|醫生|120|急救|大夫)|(骨折|摔断|摔斷|断了腿)|(摔倒|跌倒|滑倒|摔下)~(头|頭|楼梯|樓梯|动|動|血|站|起不来)|从楼梯上(摔|滚|跌)|(溺水|淹水里|快淹死|淹死|噎住|噎到|窒息|触电|觸電|中毒|快死|要死了|死人|要生了|羊水破|破水|重伤|重傷|受伤|受傷)",
        ],
        unless: &["(热得要死|饿得要死|累得要死|贵得要死|去年|上个月|轮椅|輪椅|受伤的心|笑|漏水)"],
    },
    Block {
        lang: "zh",
        kind: AlarmKind::Violence,
        says: &[
            "(被|遭)(人)?(抢|搶|偷|打了|殴打|毆打|袭击|襲擊|攻击|攻擊|强奸|強姦|捅|绑架|綁架|威胁|威脅|跟踪|跟蹤|性侵|骚扰|騷擾|下药)|(抢劫|搶劫|强盗|強盜|小偷|入室|盗窃|盜竊|歹徒|枪声|槍聲|开枪|開槍|枪击|槍擊|人质|人質|炸弹|炸彈|劫持)|(钱包|錢包|手机|手機|护照|護照|行李|电脑|電腦|包|现金|現金)~(被偷|偷走|被盗|被盜|偷了)|(有人|陌生人|男人|那个人|他)~(闯|闖|撬|破门|破門|砸门|砸門|拿着刀|拿著刀|持刀|有刀|有枪|有槍|持枪|持槍|拿刀|要杀|要殺|打我|跟着我|跟踪|威胁|威脅|想进我|进了我的房间)|(叫|报|報|打|找)~(警察|110|警)|报警|報警|打架|家暴|杀人|殺人|救命",
        ],
        unless: &["(偷走了我的心|偷心|电影|電影|蚊子|臭虫|价格|價格|刀叉|被打扫)"],
    },
    Block {
        lang: "zh",
        kind: AlarmKind::Trapped,
        says: &[
            "(被困|困在|关在|關在|被锁在|被鎖在|卡在)~(电梯|電梯|里面|裡面|厕所|廁所|浴室|阳台|陽台|房间|房間|桑拿|卫生间|洗手间|里|裡|中)|(电梯|電梯)~(卡住|停了|坏了|壞了|不动|不動)~(里面|裡面|我们在|我們在|困|出不)|(出不去|出不来|出不來)~(电梯|浴室)",
        ],
        unless: &["(钥匙|鑰匙|房卡|行李|东西)"],
    },
    Block {
        lang: "zh",
        kind: AlarmKind::Missing,
        says: &[
            "(孩子|儿子|兒子|女儿|女兒|小孩|宝宝|寶寶|孙子|孫子)~(不见了|不見了|走丢|走丟|失踪|失蹤|找不到|丢了)|(找不到|丢了|弄丢)(我|我们)?(的)?(孩子|儿子|兒子|女儿|女兒|小孩|宝宝)",
        ],
        unless: &["(玩具|衣服|手机|鞋|儿童椅)"],
    },
    Block {
        lang: "zh",
        kind: AlarmKind::Distress,
        says: &[
            "(救命|紧急情况|緊急情況|救救(我|他|她|我们|我們))|(有|是)(紧急|緊急)(情况|情況|事件)|快来人|快來人",
        ],
        unless: &["(紧急(出口|联系)|緊急(出口|聯絡)|不紧急|不緊急)"],
    },
];
