//! The emergency lexicon in French and Italian; data alone.

use super::{AlarmKind, Block, Lexicon};

pub const LEXICONS: &[Lexicon] = &[
    Lexicon { blocks: FRENCH, lists: FRENCH_LISTS, supposing: FRENCH_SUPPOSING, unspaced: false },
    Lexicon { blocks: ITALIAN, lists: ITALIAN_LISTS, supposing: ITALIAN_SUPPOSING, unspaced: false },
];

const FRENCH_LISTS: &[(&str, &str)] = &[
    (
        "LIEU",
        "chambre|chambres|couloir|couloirs|cuisine|salle de bain|salle de bains|balcon|immeuble|batiment|etage|escalier|escaliers|ascenseur|hotel|reception|suite|lit|garage|parking|sous sol|cave|terrasse|restaurant|hall|lobby|buanderie|prise|fenetre|plafond|porte|sauna|piscine|toit|placard|appartement|cote",
    ),
    (
        "CHOSE",
        "chambre|cuisine|lit|rideau|rideaux|poubelle|four|tele|television|chargeur|batterie|prise|seche cheveux|hotel|batiment|cheveux|voiture|toit|telephone|lampe|canape|serviette|balcon|bouilloire|immeuble|radiateur",
    ),
    (
        "PROCHE",
        "mari|femme|epouse|fils|fille|enfant|enfants|mere|pere|maman|papa|bebe|copain|copine|ami|amie|frere|soeur|grand mere|grand pere|collegue|compagnon|compagne|neveu|niece|belle mere",
    ),
    (
        "AGRESSEUR",
        "homme|hommes|quelqu un|type|types|mec|mecs|inconnu|mari|copain|ex|ivrogne|il|ils|voleur|voleurs|individu|personne|gens|voisin|client|gars",
    ),
    ("ARME", "pistolet|couteau|arme|fusil|machette|bombe|revolver|hache|flingue"),
    ("OS", "jambe|bras|hanche|poignet|cheville|pied|main|nez|cou|dos|genou|epaule|doigt|cote|coude"),
];

const FRENCH_SUPPOSING: &[&str] = &[
    "en cas (d|de)",
    "(que faire|que se passe t il|qu est ce qu on fait|on fait quoi|quoi faire) (si|en cas) ~4",
    "s il y (a|avait) [un]",
    "peur (d|de|des|du) [(un|une|l|la)]",
];

const FRENCH: &[Block] = &[
    Block {
        lang: "fr",
        kind: AlarmKind::Fire,
        says: &[
            "(il y a|y a|je vois|on voit|c est) [(un|le|du|des)] [(gros|petit|debut d)] (feu|incendie|flammes) [(dans|au|a|sur|devant|chez|ici|derriere|en)]",
            "(feu|incendie|flammes) (dans|au|a|sur) [(la|le|l|ma|mon|notre|un|une)] ~1 $LIEU",
            "=[(au secours|a l aide|aidez nous|vite|il y a)] [(le|au|du|un)] (feu|incendie) [(au feu|feu|vite|au secours)]|=au feu [au feu]",
            "(prend|pris|prennent|mis le|met le|a pris) feu",
            "$CHOSE ~1 (est|sont) [(tout|toute)] en (feu|flammes)|(poubelle|chambre|hotel|cuisine|rideau|rideaux|voiture|lit|immeuble|maison|etage|balcon|restaurant|prise|couloir|quelque chose|tout) ~3 en train de (bruler|prendre feu|cramer|fumer)|$CHOSE ~1 (brule|brulent|fume|crame|fait des etincelles|prend feu)",
            "(quelque chose|tout|ca) (brule|crame|est en feu) [(dans|ici|au)]",
            "(il y a|y a|je vois|on voit|beaucoup|plein|remplie|rempli|pleine) ~1 [(de|d|de la|une)] [(la|epaisse)] fumee [(dans|qui|noire|sous|partout|au|a)]",
            "fumee (dans|qui|noire|sous|partout|au|a) ~3 [$LIEU]",
            "(odeur|sent|sens|ca sent) [(le|de|une|une odeur de|fort le|fortement le)] ~1 (brule|fumee|plastique brule|crame)",
            "(alarme|alarmes|detecteur|detecteurs) [(incendie|de fumee|a incendie|d incendie|anti incendie)] ~2 (sonne|sonnent|s est declenchee|s est declenche|hurle|retentit|vient de se declencher|se declenche)",
            "(il y a eu|j ai entendu|on a entendu|entendu) [une] [(grosse|forte|enorme)] explosion",
            "(appelez|appeler|besoin|envoyez|prevenez|faut) ~1 (les|des) pompiers",
            "(etincelles|court circuit) ~5 (prise|fumee|feu|brule|sortent)",
        ],
        unless: &[
            "(cheminee|feu d artifice|feux d artifice|feu de camp|feu de bois|barbecue|cigarette|cigarettes|cigare|tabac|joint|cannabis|fument|fumeur|fumeurs|exercice|essai|test|extincteur|feu rouge|feu vert|fumee froide|saumon)",
            "(sortie|issue|porte) (de secours|coupe feu)",
        ],
    },
    Block {
        lang: "fr",
        kind: AlarmKind::Gas,
        says: &[
            "(sent|odeur|sens|ca sent) [(le|de|une odeur de|fort le|tres fort le|fortement le|bizarre de)] gaz",
            "fuite (de|du) gaz|gaz qui (fuit|s echappe)",
            "monoxyde [de carbone] ~4 (sonne|alarme|detecteur|intoxication|intoxique*|malade|fuite)|(intoxication|intoxique|intoxiques|alarme|fuite) ~3 monoxyde",
        ],
        unless: &["gaz (de ville inclus)|eau gazeuse"],
    },
    Block {
        lang: "fr",
        kind: AlarmKind::SelfHarm,
        says: &[
            "(veux|veut|vais|va|envie de|pense a|penser a|essaye de|essaie de|voudrais|tente de|menace de) (me|se) (tuer|suicider|pendre|faire du mal|jeter|tailler les veines|foutre en l air|ouvrir les veines|donner la mort)",
            "(veux|voudrais|envie de|prefere|prefererais) (mourir|etre mort|etre morte|en finir)",
            "(veux|ai) plus (vivre|envie de vivre|de raison de vivre)|plus envie de vivre",
            "(suicide|suicidaire|suicider|overdose)",
            "(pris|avale|prends|avaler) ~5 (somniferes|cachets|medicaments|comprimes)",
            "(en finir avec|mettre fin a) (la vie|ma vie|mes jours|ses jours|sa vie|tout)",
            "(sauter|jeter|saute) (du|par|de) [la] (balcon|fenetre|toit|terrasse|haut)",
        ],
        unless: &["(rire|faim|soif|chaud|honte|fatigue|ordonnance)"],
    },
    Block {
        lang: "fr",
        kind: AlarmKind::Medical,
        says: &[
            "(ne|n|arrive|arrivons|peux|peut) ~2 (plus|pas|a) [(a)] respirer|respire (plus|pas|mal|a peine|difficilement)|(mal|du mal|difficultes|difficulte|peine) (a|pour) respirer|(s|m|je m|suis en train de m) (etouffe|etouffer|etrangle|asphyxie)|arrete de respirer|manque d air",
            "(inconscient|inconsciente|evanoui|evanouie|evanouit|evanouir)|perdu connaissance|perd connaissance|(fait|fais) un malaise|(ne|n) (repond|reagit|bouge|se reveille) (plus|pas)|(convulse|convulser|en convulsion)|sans pouls|pas de pouls|douleur (insupportable|atroce)|s est (effondre|effondree|ecroule|ecroulee)|tombe dans les pommes",
            "(fait|faire|a|ai|eu|fais|est) [(un|une|en)] (crise cardiaque|infarctus|avc|attaque cardiaque|arret cardiaque|crise d epilepsie|convulsions|convulsion|reaction allergique|choc anaphylactique|crise d asthme|fausse couche|oedeme)|(infarctus|arret cardiaque|crise d epilepsie|choc anaphylactique)",
            "(douleur|douleurs|oppression|serrement) ~2 (dans|a) la poitrine|douleurs? thoracique*|mal (a|dans) la poitrine|poitrine (me serre|qui serre)",
            "saigne ~1 (beaucoup|enormement|abondamment|de|du|et|pas|a|toujours|encore|tres|fort)|(perd|perdu|plein de|beaucoup de|mare de|couvert de) ~1 sang|du sang partout|hemorragie|arrete pas de saigner",
            "(besoin|appelez|appeler|envoyez|faut|appelle|veux|voudrais|vite|demande) [(d|de|moi|nous|vite|urgemment|nous|il faut)] [(une|un|l|le|d un|d une)] (ambulance|medecin|docteur|samu|secours|secouriste|infirmier|infirmiere|medecin d urgence|premiers secours|aide medicale)",
            "(ambulance|medecin|samu) (vite|urgence|d urgence|urgent|tout de suite|rapidement|immediatement|en urgence)|urgence medicale|=[vite] [une] ambulance [(vite|svp)]",
            "(s est|me suis|j ai|a|ai) ~1 (casse|cassee|fracture|brise) (la|le|une|un|l) ~1 $OS",
            "(tombe|tombee|glisse|chute|chuter) ~5 (escalier|escaliers|douche|baignoire|balcon|piscine|tete|relever|bouger|bouge|blesse*|saigne|fenetre|cheville|jambe|bain)",
            "(cogne|cognee|tape|frappe|heurte) la tete|traumatisme cranien",
            "(est|sont|y a|suis|un|gravement|serieusement|grievement) ~2 (blesse|blessee|blesses|electrocute|electrocutee|empoisonne|intoxique|intoxiquee|brule|brulee) ~1",
            "perdu les eaux|(va|en train d|vais) accoucher|(a|ai|des) ~1 contractions",
            "(se|me|est en train de se) (noie|noyer|noye)|noyade|noye dans",
            "(avale|bu|mange|ingere) ~3 (javel|poison|pile|detergent|medicaments|produit|piece)",
            "(gorge|langue|visage|levres) (gonfle|gonflent|enfle|gonflee|se ferme|gonflent|qui gonfle|qui enfle)",
            "(est|suis) en train de mourir|(va|vais) mourir|(est|semble) (mort|morte|tout bleu)|un cadavre|devient bleu",
            "(bebe|enfant|fils|fille) ~4 (fievre de (39|40|41)|(39|40|41) de fievre|tres forte fievre)|(39|40|41) de fievre",
            "(aller|emmener|emmenez|conduire) ~3 (aux urgences|a l hopital) [(vite|d urgence|tout de suite|immediatement)]",
        ],
        unless: &[
            "(il y a (des|quelques|deux|trois|six) (ans|mois|semaines|jours)|l an dernier|l annee derniere|le mois dernier|avant le voyage|fauteuil roulant|bequilles|certificat|ordonnance|rendez vous)",
            "mourir de (faim|soif|rire|chaud|froid|honte|envie|ennui)|(mort|morte) de (faim|fatigue|rire|soif)|mort(e)? ~1 (batterie|telephone|tele)|(telephone|batterie|tele|telecommande) ~3 (mort|morte)",
            "(failli|presque) ~4 (crise cardiaque|infarctus)",
            "(matelas|oreiller|cuisson|film|steak|sauce|peau|coup de soleil) ~4 (brule|brulee|mort)",
        ],
    },
    Block {
        lang: "fr",
        kind: AlarmKind::Violence,
        says: &[
            "(me suis fait|s est fait|nous sommes fait|on s est fait|me fait|me fais|se fait|ai ete|avons ete|a ete|ete|suis fait) [(voler|tout)] (voler|vole|volee|agresser|agresse|agressee|braquer|braque|attaquer|attaque|attaquee|cambrioler|cambriole|violer|viole|violee|poignarder|poignarde|frapper|frappe|frappee|menacer|menace|menacee|kidnapper|droguer|drogue|droguee|tabasser|racketter|suivre|depouiller|sequestrer)",
            "(on|ils|il|quelqu un|un voleur|un homme) (m|nous|lui|t) (a|ont) [tout] (vole|agresse|attaque|frappe|menace|braque|viole|drogue|suivi|pousse|poignarde|etrangle|cambriole)",
            "(on|quelqu un) (a|m a|nous a) vole (mon|ma|mes|notre|nos|le|la|les)|(mon|ma|mes|notre|nos) ~2 (a ete|ont ete|s est fait|se sont fait) (vole|volee|voles|volees|voler|derobe|cambriole*)",
            "(quelqu un|un homme|des hommes|un inconnu|un type|homme|mec|voleur|voleurs|inconnu|individu) ~4 (entrer|entre|rentrer|rentre|ouvrir la porte|ouvrir notre porte|tambourine|forcer|force|cambrioler|defoncer|defonce|penetrer|penetre|dans ma chambre|ouvrir ma porte|enfoncer|s introduire|s est introduit)",
            "(forcer|forcent|forcee|defonce|defoncer|defoncent|fracturer|enfoncent|fracture) (ma|notre|la) (porte|chambre|serrure)|(arrache|arrachee|arraches|derobe) (mon|ma|mes|notre|son) ~1 (sac|telephone|portefeuille|collier|montre|valise|passeport)|(sac|telephone|portefeuille|passeport|argent|bijoux|valise|ordinateur|montre|voiture) ~4 (vole|volee|voles|volees|derobe|derobes)",
            "(il y a|y a) (un|quelqu un dans) ~1 (intrus|voleur|cambrioleur|inconnu|tireur|ma chambre|notre chambre|ma salle de bain)",
            "$AGRESSEUR ~3 (avec|a|sorti|porte|tient|brandit|ont|menace avec) [(un|une|son|des)] $ARME",
            "(main armee|homme arme|hommes armes|coups de feu|fusillade|tirs|alerte a la bombe|il y a une bombe|prise d otage|otage|otages)|tire (sur|dans|des coups)",
            "$AGRESSEUR ~2 (me|nous|la|le|l|sa|une|ma|mon) (menace|menacent|suit|suivent|harcele|harcelent|frappe|frappent|attaque|attaquent|agresse|agressent|tape|bat|touche|poursuit|etrangle|pousse)",
            "$AGRESSEUR (frappe|bat|menace|agresse|etrangle|tabasse|attaque) (sa|son|une|un|ma|mon|des|les|quelqu un)",
            "(veut|va|vont|essaie de|veulent) [(me|nous|la|le)] (me|nous|la|le) (tuer|frapper|violer|agresser)",
            "(bagarre|rixe) (dans|au|a|devant|en|entre)|(se|sont en train de se) (battent|battre|bagarrent|tapent dessus)",
            "(appelez|appeler|besoin|envoyez|faut|appelle|prevenez) [(de|moi)] [(la|les)] (police|gendarmes|gendarmerie)",
            "=[(au secours|aidez moi)] police [(vite|svp)]|police (vite|tout de suite|urgence|maintenant)",
            "(mon|son) (mari|copain|ex|conjoint|compagnon) (me|la|m a|l a) (frappe|bat|tape|menace|etrangle|cogne|battue|frappee)",
            "(peur|crains|craint) pour (ma|notre|sa) (vie|securite)|(suis|sommes|est) en danger",
            "(femme|fille|quelqu un|personne|homme) [(qui)] (crie|hurle|appelle) [(a l aide|au secours|de douleur)]",
        ],
        unless: &[
            "(vole|derobe) (mon|notre|nos) coeur*",
            "(moustiques|moustique|prix|punaises|fourmis|insectes|guepes)",
            "(apporter|avoir|pouvez|pourrais|pourriez|preter|aurait) ~4 (couteau|couteaux)|fourchette",
            "(vol|vole|volee) (direct|annule|retarde|de (nuit|jour)|pour|vers|a (destination|[0-9]))|commissariat|film|seance photo|il fait|fait frais",
            "(bebe|enfants|enfant|mouettes|oiseaux|chien) ~2 (crie|hurle|crient|hurlent)",
        ],
    },
    Block {
        lang: "fr",
        kind: AlarmKind::Trapped,
        says: &[
            "(coince|coincee|coinces|coincees|bloque|bloquee|bloques|bloquees|enferme|enfermee|enfermes|enfermees|piege|pieges|prisonniers) ~1 (dans|sur|a l interieur de) (l|la|le|un|ma|notre|cet) ~1 (ascenseur|salle de bain|salle de bains|toilettes|balcon|sauna|hammam|chambre|terrasse|cage d escalier|escalier|cave|garage|placard|wc|douche|toit)",
            "ascenseur ~4 (bloque|en panne|arrete|coince) ~5 (dedans|dedans|a l interieur|avec (nous|moi|des gens|quelqu un)|nous sommes|je suis|on est|entre)",
            "(peux|pouvons|arrive|arrivons|peut|arrive) (pas|plus) [a] sortir (de|du) [(l|la|ma)] (ascenseur|salle de bain|toilettes|balcon|chambre|sauna|wc|douche)",
        ],
        unless: &["(cle|cles|carte|valise|valises|bagage|bagages|telephone) ~4 (coince*|bloque*|enferme*)"],
    },
    Block {
        lang: "fr",
        kind: AlarmKind::Missing,
        says: &[
            "(trouve|trouvons|retrouve|retrouvons|vois) (pas|plus) (mon|ma|mes|notre|nos) (fils|fille|enfant|enfants|bebe|petit|petite|petit fils|petite fille|neveu|niece)",
            "(perdu|cherche|cherchons) (mon|ma|mes|notre|nos) (fils|fille|enfant|enfants|bebe|petit|petite)",
            "(mon|ma|notre|mes) (fils|fille|enfant|bebe|enfants|petit|petite) ~2 (disparu|disparue|perdu|perdue|disparus)",
            "(enfant|fillette|garcon|petite fille) (disparu|disparue|perdu|perdue)",
            "(ma|mon) (mere|pere|grand mere|grand pere) ~3 (disparu|disparue|alzheimer)",
        ],
        unless: &[
            "(jouet|doudou|veste|manteau|telephone|tablette|chaussure|chaussures|lunettes|peluche|sac|tetine)",
        ],
    },
    Block {
        lang: "fr",
        kind: AlarmKind::Distress,
        says: &[
            "(c est|j ai|il y a|on a|nous avons) une urgence|=[(c est|svp|aidez moi)] [(une)] urgence [(svp|vite)]|tres urgent ~3 (danger|secours|grave)",
            "au secours|=[(svp|aidez moi)] (a l aide|secours) [(svp|vite|a l aide)]",
            "(appelez|appeler|composez|appelle) le (112|15|17|18|911)",
            "(aidez|sauvez) (moi|nous) [(vite|s il vous plait|svp)] ~4 (vite|mourir|danger|sang|tuer|mort)",
            "(plafond|toit|balcon|immeuble) (s effondre|s est effondre|s ecroule|est en train de)",
        ],
        unless: &[
            "(sortie|issue|numero|numeros|escalier|eclairage|porte|lit|trousse|contact) (de secours|d urgence)|urgence familiale|pas (une|d) urgence|en cas d urgence|au secours populaire",
        ],
    },
];

const ITALIAN_LISTS: &[(&str, &str)] = &[
    (
        "LUOGO",
        "camera|camere|stanza|corridoio|corridoi|cucina|bagno|balcone|edificio|palazzo|piano|scala|scale|ascensore|hotel|albergo|reception|suite|letto|garage|parcheggio|cantina|terrazza|terrazzo|ristorante|hall|lobby|lavanderia|presa|finestra|soffitto|porta|sauna|piscina|tetto|palestra|armadio|doccia",
    ),
    (
        "COSA",
        "camera|stanza|cucina|letto|tenda|tende|cestino|spazzatura|forno|tv|televisione|televisore|caricatore|batteria|presa|phon|asciugacapelli|hotel|albergo|edificio|capelli|macchina|auto|tetto|telefono|lampada|divano|balcone|bollitore|computer",
    ),
    (
        "FAMILIARE",
        "marito|moglie|figlio|figlia|figli|madre|padre|mamma|papa|bambino|bambina|bimbo|bimba|neonato|fidanzato|fidanzata|compagno|compagna|amico|amica|fratello|sorella|nonna|nonno|nipote|collega|suocera|zio|zia",
    ),
    (
        "AGGRESSORE",
        "uomo|uomini|qualcuno|tizio|tizi|tipo|sconosciuto|sconosciuti|marito|fidanzato|ex|ubriaco|lui|loro|ladro|ladri|persone|persona|vicino|cliente|ragazzo|ragazzi",
    ),
    ("ARMA", "pistola|coltello|arma|fucile|machete|bomba|ascia"),
    (
        "OSSO",
        "gamba|braccio|anca|polso|caviglia|piede|mano|naso|collo|schiena|ginocchio|spalla|dito|costola|gomito|femore",
    ),
];

const ITALIAN_SUPPOSING: &[&str] = &[
    "in caso (di|d) [un]",
    "(cosa|che) (succede|faccio|facciamo|fare|devo fare) (se|in caso) ~4",
    "se (c e|ci fosse|scoppia) [un]",
    "paura (di|del|dei) [(un|una)]",
];

const ITALIAN: &[Block] = &[
    Block {
        lang: "it",
        kind: AlarmKind::Fire,
        says: &[
            "(c e|ce|vedo|vediamo|e scoppiato|scoppiato|abbiamo|ci sono|c e stato) [(un|il|del|delle)] [(grosso|piccolo|principio d)] (fuoco|incendio|fiamme)",
            "(fuoco|incendio|fiamme) (in|nel|nella|al|sul|nell|sulle) [(mia|nostra|mio|un|una)] ~1 $LUOGO",
            "=[(aiuto|presto|c e)] [(al|un)] (fuoco|incendio) [(al fuoco|fuoco|presto|aiuto)]|=al fuoco [al fuoco]",
            "(preso|prende|prendendo|prendono|dato) fuoco|(va|sta andando|e andato|andato) a fuoco",
            "$COSA ~1 (e|sono|sta) [(tutto|tutta)] (in fiamme|bruciando|a fuoco|fumando|facendo fumo|facendo scintille)|$COSA ~1 (brucia|bruciano|fuma)",
            "(qualcosa|tutto) (brucia|sta bruciando|va a fuoco)|sta bruciando (qualcosa|tutto|il|la)",
            "(c e|ce|vedo|vediamo|esce|entra|pieno di|piena di|tanto|molto) [(del|molto|tanto|un sacco di)] fumo [(in|nel|nella|dal|dalla|nero|che|sotto|dappertutto)]",
            "fumo (in|nel|nella|dal|dalla|nero|che esce|sotto|nell) ~2 $LUOGO",
            "(odore|puzza|sento|c e puzza|puzzo) ~1 (di|un odore di|odore di) (bruciato|fumo|plastica bruciata)",
            "(allarme|allarmi|rilevatore) (antincendio|incendio|fumo|di fumo|anti incendio) ~2 (suona|suonando|scattato|sta suonando|e scattato|suonano)|(suona|scattato|sta suonando) l allarme (antincendio|incendio)",
            "(c e stata|sentito|abbiamo sentito|ho sentito) [(un|una)] ~1 esplosione|e esploso",
            "(chiamate|chiami|chiama|servono|mandate|chiamare) [(i|subito i)] (pompieri|vigili del fuoco)",
        ],
        unless: &[
            "(camino|caminetto|fuochi d artificio|falo|barbecue|sigaretta|sigarette|sigaro|tabacco|canna|fumano|fumare|fumatori|esercitazione|prova|test|estintore|fumo passivo)",
        ],
    },
    Block {
        lang: "it",
        kind: AlarmKind::Gas,
        says: &[
            "(odore|puzza|sento|puzzo) ~2 [(di)] gas|fuga di gas|perdita di gas",
            "monossido [di carbonio] ~4 (suona|allarme|intossic*|perdita|rilevatore)|(intossicazione|intossicati|allarme|perdita) ~3 monossido",
        ],
        unless: &["acqua (gassata|frizzante)"],
    },
    Block {
        lang: "it",
        kind: AlarmKind::SelfHarm,
        says: &[
            "(voglio|vuole|sto per|sta per|penso di|vorrei|provato a|ha provato a|minaccia di|pensando di) (uccidermi|uccidersi|suicidarmi|suicidarsi|ammazzarmi|ammazzarsi|impiccarmi|farmi del male|farsi del male|buttarmi|buttarsi|togliermi la vita|togliersi la vita|farla finita|tagliarmi le vene)",
            "mi (voglio|vorrei|ammazzo|uccido|sto per) [(uccidere|ammazzare|suicidare)]|si vuole (uccidere|ammazzare|suicidare|buttare)",
            "(voglio|vorrei|preferirei) morire|non voglio [(piu)] vivere|voglia di vivere",
            "(suicidio|suicidarmi|suicidarsi|overdose)",
            "(preso|ingoiato|presa|ingerito) ~4 (pillole|sonniferi|pastiglie|farmaci|pasticche)",
            "(buttarmi|buttarsi|saltare|lanciarmi|lanciarsi|buttare) [(giu)] (dal|dalla) (balcone|finestra|tetto|terrazza)",
        ],
        unless: &["(ridere|fame|sete|caldo|vergogna|dalle risate|mi voglio (rilassare|riposare))"],
    },
    Block {
        lang: "it",
        kind: AlarmKind::Medical,
        says: &[
            "non (riesco|riesce|riusciamo|sta|puo|posso) ~1 [(a)] (respirare|respirando)|non respira|(fatica|difficolta|fa fatica) ~1 [(a)] (respirare|respiratorie)|smesso di respirare|(sta|sto) (soffocando|strozzando)|si sta (soffocando|strozzando)|mi manca (il respiro|l aria)|respira (a fatica|male|appena)",
            "(svenuto|svenuta|svenire|incosciente|privo di sensi|priva di sensi)|perso (conoscenza|i sensi|coscienza)|non (risponde|reagisce|si sveglia|si muove) [piu]|(crollato|crollata|collassato|collassata)",
            "(ha|avuto|avendo|ho|avere|sta avendo|e|un|in) [(avuto)] [(un|una|in|le)] (infarto|ictus|attacco di cuore|attacco cardiaco|arresto cardiaco|crisi epilettica|convulsioni|reazione allergica|shock anafilattico|attacco d asma|aborto spontaneo|crisi d asma)|infarto [(in corso)]",
            "(convulsioni|senza polso)|dolore (insopportabile|lancinante|fortissimo)|(perde|perdendo|esce|uscendo) ~1 sangue",
            "(dolore|dolori|oppressione|fitte|male|peso) ~1 (al|nel) petto|mi fa male il petto",
            "(sanguina|sanguinando|perde sangue|perdendo sangue|sangue dappertutto|emorragia|molto sangue|pieno di sangue|pozza di sangue|tanto sangue|perdendo molto sangue)",
            "(serve|servono|bisogno|chiamate|chiami|chiama|mandate|mandi|chiamare|voglio|ci vuole|vorrei|chiamatemi) [(di|subito|urgente|per favore|immediatamente)] [(un|una|l|un altra|il)] (ambulanza|medico|dottore|dottoressa|118|pronto soccorso|soccorsi|paramedici|infermiere|assistenza medica|aiuto medico)",
            "(ambulanza|medico|dottore) (subito|urgente|urgentemente|presto|adesso|ora|per favore)|emergenza medica",
            "(rotto|rotta|fratturato|fratturata|spezzato) (la|il|una|un|una|l) $OSSO",
            "(caduto|caduta|scivolato|scivolata) ~5 (scale|scala|doccia|vasca|balcone|piscina|testa|alzare|alzarsi|muovere|muoversi|sangu*|ferit*|finestra|caviglia|gamba|bagno)",
            "(battuto|sbattuto|picchiato) la testa",
            "(e|sono|c e|rimasto|rimasta|gravemente|e rimasto) ~1 (ferito|ferita|feriti|folgorato|ustionato|ustionata|avvelenato|intossicato|intossicata)",
            "(rotte|rotto) le acque|(in|entrata in) travaglio|(ha|ho|le) contrazioni|sta (partorendo|per partorire)",
            "(annegando|annegato|annegata|affogando|affogato|sta annegando)",
            "(ingoiato|bevuto|mangiato|ingerito) ~3 (candeggina|veleno|pila|detersivo|medicine|farmaci)",
            "(gola|lingua|faccia|viso|labbra) ~3 (gonfia|gonfiando|gonfiano|chiudendo|gonfio|chiude)",
            "(sta|sto) morendo|(e|sembra) (morto|morta|cianotico|blu)|un cadavere",
            "(bambino|bambina|neonato|figlio|figlia|bimbo|bimba) ~4 febbre (altissima|a (39|40|41)|molto alta)|febbre a (39|40|41)",
            "(andare|portare|portatemi|portatelo|portatela|correre) ~2 (al pronto soccorso|in ospedale) [(subito|urgente|adesso|immediatamente)]",
            "(scossa elettrica|colpo di calore|preso la scossa)",
        ],
        unless: &[
            "((anni|mesi|settimane|giorni) fa|l anno scorso|il mese scorso|prima del viaggio|sedia a rotelle|stampelle|certificato|ricetta|appuntamento)",
            "(morendo|morto|morta|muoio) (di|dalla|dal) (fame|sete|sonno|caldo|freddo|ridere|voglia|stanchezza)",
            "(telefono|batteria|tv|telecomando|cellulare) ~3 (morto|morta)",
            "(quasi|per poco) ~3 infarto|infarto ~3 (prezzo|conto)",
            "(film|romanzo|serie)",
        ],
    },
    Block {
        lang: "it",
        kind: AlarmKind::Violence,
        says: &[
            "(mi|ci|gli|le) (hanno|ha|stanno|sta|vogliono) (rubato|derubato|derubata|derubati|rapinato|rapinata|rapinati|aggredito|aggredita|aggrediti|attaccato|attaccata|violentata|violentato|accoltellato|picchiato|picchiata|picchiando|minacciato|minacciata|minacciando|rapito|drogato|drogata|scippato|scippata|seguendo|seguito|seguita|inseguendo|spinto|uccidere|ammazzare|molestando|molestata|aggredendo)",
            "(sono|siamo|e) stat(o|a|i|e) (derubat*|rapinat*|aggredit*|attaccat*|violentat*|accoltellat*|picchiat*|minacciat*|rapit*|drogat*|scippat*|rubat*|molestat*)",
            "(borsa|portafoglio|passaporto|telefono|cellulare|soldi|valigia|gioielli|orologio|macchina|zaino) ~3 (rubat*|scippat*)|(strappat*|scippat*) (la|il|di)|scippo|furto (in|nella|nel)",
            "(hanno|ha) rubato (il|la|i|le|tutto|lo|l|soldi) ~2",
            "(qualcuno|un uomo|uomini|uno sconosciuto|sconosciuto|ladro|ladri|tizio|persone) ~4 (entrare|entrato|entrando|entrati|forzare|forzando|forzato|sfondare|sfondando|nella mia (camera|stanza)|in camera mia|aprire la mia porta|scassinare|scassinando|introdott*)",
            "c e (un|uno|qualcuno) ~1 (intruso|ladro|sconosciuto|nella mia|in camera mia|uomo armato)",
            "(scassinato|svaligiato|forzato) ~2 (camera|stanza|macchina|cassaforte|porta)",
            "$AGGRESSORE ~3 (con|ha|tirato fuori|impugna|hanno|puntato) [(un|una|il|la)] $ARMA",
            "(mano armata|uomo armato|uomini armati|spari|sparatoria|sparando|stanno sparando|allarme bomba|c e una bomba|ostaggio|ostaggi|colpi di pistola)",
            "$AGGRESSORE ~1 (mi|ci|la|lo) (sta|stanno|segue|insegue|minaccia|picchia|aggredisce|molesta|attacca|tocca|vuole (picchiare|uccidere|violentare)) [(minacciando|picchiando|seguendo|molestando|aggredendo|attaccando|inseguendo|toccando)]",
            "$AGGRESSORE ~1 sta (picchiando|minacciando|aggredendo|strangolando|attaccando|molestando)",
            "(rissa|lite violenta) (in|nel|nella|al|fuori|nell)|(si stanno|stanno) (picchiando|menando|accoltellando)",
            "(chiamate|chiami|chiama|serve|bisogno|mandate|chiamare|voglio) [(della|subito)] [(la|i)] (polizia|carabinieri)",
            "=[(aiuto)] polizia [(subito|per favore)]|polizia (subito|presto|urgente|adesso)",
            "(mio|il mio|suo) (marito|fidanzato|ex|compagno) (mi|la) (picchia|ha picchiata|ha picchiato|minaccia|sta picchiando|ha colpito|maltratta|mena)",
            "(temo|paura) per la (mia|nostra|sua) (vita|incolumita)|(sono|siamo|e) in pericolo",
            "(donna|ragazza|qualcuno|signora) [(che)] (urla|grida|chiede) [(aiuto|di aiuto)]",
        ],
        unless: &[
            "rubato (il cuore|il mio cuore|i nostri cuori)",
            "(zanzare|prezzi|prezzo|cimici|formiche|insetti)",
            "(portare|portarmi|avere|potrei|potete|prestare|porta) ~4 (coltello|coltelli)|forchetta",
            "(commissariato|questura|denuncia per|film|servizio fotografico)",
        ],
    },
    Block {
        lang: "it",
        kind: AlarmKind::Trapped,
        says: &[
            "(bloccat*|chius*|intrappolat*|rinchius*|rimast*) ~2 (in|nell|nel|nella|sul|sulla|dentro) [(l|il|la)] (ascensore|bagno|balcone|sauna|camera|stanza|terrazza|terrazzo|scale|cantina|garage|tetto|palestra|doccia)",
            "ascensore ~4 (bloccato|fermo|guasto|fermato) ~4 (dentro|con noi|con me|persone|siamo|sono|qualcuno|tra)",
            "non (riesco|riusciamo|riesce) a uscire (dal|dall|dalla) (ascensore|bagno|balcone|camera|sauna|stanza|doccia)",
        ],
        unless: &[
            "(chiave|chiavi|tessera|valigia|valigie|bagagli|telefono) ~4 (bloccat*|chius*|rimast*)",
            "(e|sono|ristorante|piscina|sempre) (chiuso|chiusa|chiusi)",
        ],
    },
    Block {
        lang: "it",
        kind: AlarmKind::Missing,
        says: &[
            "non (trovo|troviamo|vedo) [(piu)] [(il|la|i)] (mio|mia|nostro|nostra|miei) (figlio|figlia|figli|bambino|bambina|bimbo|bimba|nipote|nipotino)",
            "(perso|persi|scomparso|scomparsa|sparito|sparita|cerco|cerchiamo) [(il|la)] (mio|mia|nostro|nostra) (figlio|figlia|bambino|bambina|bimbo|bimba|nipote|nonna|nonno|madre|padre)",
            "(mio|mia|nostro|nostra) (figlio|figlia|bambino|bambina|bimbo|bimba|nipote) ~2 (scomparso|scomparsa|sparito|sparita|perso|persa|perduto)",
            "(bambino|bambina) (scomparso|scomparsa|smarrito|smarrita|sparito)",
        ],
        unless: &["(giocattolo|peluche|zaino|giacca|telefono|tablet|scarpe|occhiali|ciuccio|bambola)"],
    },
    Block {
        lang: "it",
        kind: AlarmKind::Distress,
        says: &[
            "(e|questa e|abbiamo|ho|c e) un emergenza|=[(aiuto|e un)] emergenza [aiuto]",
            "=aiuto [aiuto] [aiuto]|=(aiutatemi|aiutateci|soccorso|soccorretemi) [(aiuto|per favore|vi prego|presto)]",
            "(chiamate|chiami|chiama|componete|chiamare) il (112|113|115|118|911)",
            "(aiuto|aiutatemi|aiutateci) ~4 (morendo|morire|sangue|pericolo|uccidere|presto|subito)",
            "qualcuno (mi|ci) aiuti",
        ],
        unless: &[
            "(uscita|uscite|numero|contatto|scala|scale|luce|porta|kit) (di|d) (emergenza|sicurezza)|emergenza familiare|non e un emergenza|caso di emergenza",
        ],
    },
];
