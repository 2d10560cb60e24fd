//! The phrases of agreement, courtesy, refusal and change that a quote is answered with; it must hold data alone.
//!
//! Each line is a pattern over folded words with single spaces between them (contractions written out, no punctuation);
//! `(a|b)?` works as in a regular expression. A phrase of agreement must leave no room for another reading.

/// Sentences and words that agree to the offer as it stands. Long ones first: the first that fits is taken.
pub const AGREE: &[&str] = &[
    // "that sounds perfect for me", "everything is correct now"
    "((that|this|(that|this) one|it|which|everything|all|all (of )?(that|this|it)|that all|(the|that|this|those|your) (information|details|order|reservation|booking|price|offer)( you have)?) )?(all )?\
     (is|are|sounds?|seems?|looks?|would be|will be|should be) ((all|just|really|very|absolutely|exactly|quite|now|so|more than|totally|completely|about|sounds?|seems?|works?) )*\
     (correct|right|perfect|great|fine|good|ok|okay|awesome|fantastic|wonderful|excellent|confirmed|acceptable|splendid|lovely|amazing|cool|brilliant|super|terrific|nice|exact|ideal|alright|delightful|precise|in order|(all )?set)\
     ( now)?( (for|to|with|by) (me|us))?",
    // "that is what I want", "that is exactly what I am looking for"
    "(that|this|it) is (exactly |just )?(what|the one|the (deal|order|reservation|booking|room|hotel)) (that )?(i|we) (want|wanted|need|needed|like|am looking for|are looking for)( to do)?( exactly)?",
    "(that|this|it) is the (right|correct) (information|one|order|booking|reservation)",
    "you (heard|understood|got|have) (me |it |that |everything )?(perfectly|right|correctly|correct|all correct)",
    "(i|we) am (fine|good|happy|ok|okay) with (it|that|this)|(we|you) are (fine|good|happy) with (it|that|this)",
    "(that|this|it) is (exactly |precisely |just )?(it|everything|all)( exactly)?",
    // "that works for me", "it will do nicely"
    "(that|this|it|which|all) ((will|would|should|can) )?((all|just|totally) )?(works?|do|suits?)( (just|very|perfectly|fine|great|well|good|nicely|perfect))*( for| with)?( (me|us))?( (just|very|perfectly|fine|great|well|good|nicely|perfect))*",
    "works( (fine|great|well|perfectly))?( for (me|us))?( (fine|great|well|perfectly))?",
    "you (have )?(got|have) (it|that)( right| correct| exactly)?( all)?",
    "you are( absolutely| totally)? (right|correct)",
    "(i|we) ((do|can|hereby|fully) )*(confirm|agree|accept|approve)( (to )?(it|that|this|all that|that all|all|everything|the (order|price|charge|offer|reservation)))?( all)?",
    "(i|we) (want|will take|would like|would love) (it|that|this)( one)?( very much)?",
    "(you )?((can|may|could|should) )?(please )?(go|g) (ahead|on|for it)( (with|and) (it|that|this|the order|do it|order( it)?|book( it)?))?",
    "(you )?((can|may) )?(please )?(proceed|continue|go forward)( further)?( with (it|that|this|(the )?(order|booking|reservation)))?",
    "(to )?(proceed|continue)( further)?( with (the )?booking( process)?)?|to (book|order)",
    "(you )?((can|may) )?(please )?(do|order|book|place|send|bring|confirm|add|get|charge|make|buy|take|put|arrange|reserve) (it|that|this|(the|that|this|my) (order|booking|reservation)|so|one|(it|that) (through|up|over))",
    "(put|charge|add|bill) (it|that) (to|on) (my|the|our) (room|bill|tab|account|folio)",
    "(let us )?(do|order|get|have|go (for|with)|book|set) (it|that|this|the (order|booking|reservation))( up)?",
    "(that|it) is a (deal|yes)",
    "by all means|permission granted|no problem|sure thing|of course|you bet|for sure|all right|sounds like a plan|why not|yes indeed|most definitely",
    "yes|yess+|yeah|yea|yep|yup|ya|yas|yess?ir|aye|sure|certainly|absolutely|definitely|ok|okay|okey|okie|kk|alright|correct|exactly|perfect|perfectly|great|excellent|awesome|wonderful|fantastic|brilliant|lovely|cool|super|fine|good|splendid|confirm|confirmed|proceed|deal|agreed|approved|indeed|affirmative|totally|gladly|amazing|terrific|delightful|precisely",
    // Spanish
    "(asi|eso) es( correcto)?|claro que sip?|por supuesto( que si)?|desde luego|de acuerdo|me parece( muy)? (bien|perfecto|genial)|(esta|todo|muy|todo esta) (bien|perfecto|correcto|genial)|(es|suena) (perfecto|correcto|genial|bien)",
    "(lo )?(confirmo|acepto)|(lo|la|los|las) (quiero|queremos)|sip? quiero|(lo|la) pido|me lo quedo|que sip?",
    "(puede|puedes|pueden) (pedirlo|pedirla|hacerlo|proceder|confirmarlo|cargarlo)|(pida|pide|haga|haz|confirma|confirme|carga|cargue|cargue?) el (pedido|cargo)|(carguelo|cargalo|ponlo|pongalo) (a|en) (mi|la) (habitacion|cuenta)",
    "si+|sip+|claro|vale|dale|perfecto|correcto|exacto|exactamente|adelante|hagalo|hazlo|confirmado|confirmar|genial|estupendo|excelente|pidalo|pidelo|ordenalo|ordenelo|mandalo|mandelo|envialo|envielo|traelo|traigalo|proceda|procede|listo|buenisimo|encantado|encantada|venga|bien|afirmativo|carguelo|cargalo",
    // French
    "c'est (bon|parfait|d'accord|correct|exact|tres bien|ca|note)|bien sur|tres bien|ca (marche|me va|roule)|avec plaisir|tout a fait|je (confirme|valide|suis d'accord|veux bien|le veux|la veux)|allez y|vas y",
    "oui|ouais|d'accord|parfait|volontiers|absolument|exactement|entendu|certainement|super|bien entendu|faites le",
    // German
    "in ordnung|alles klar|(das )?(passt|stimmt)( so)?|ja (gerne|gern)|sehr gerne?|(das )?(ist|klingt|ware) (gut|perfekt|super|ok|okay|in ordnung)|auf jeden fall|machen sie das|(ich )?(bestatige|nehme)( es| das)?|einverstanden",
    "ja|jawohl|jo|jep|genau|gerne|gern|naturlich|perfekt|klar|richtig|korrekt|bestatigt|selbstverstandlich|unbedingt|gut|prima",
    // Italian
    "va (bene|benissimo)|d'accordo|certo( che si)?|(lo )?confermo|perfetto|esatto|volentieri|certamente|procedi|proceda|procedete|benissimo|ottimo|faccia pure|certo|giusto|confermato|assolutamente si",
    // Portuguese
    "com certeza|pode ser|pode (pedir|fazer|confirmar|mandar)|tudo (bem|certo)|esta (bem|bom|certo|otimo)|isso( mesmo)?|combinado|sim|perfeito|certo|otimo|claro que sim|aceito|fechado|correto|exato|por mim tudo bem",
    "👍",
];

/// Agreements that are one only when the sentence ends with them ("I would"; not "I would like fries").
pub const AGREE_ALONE: &str = "(it|that|they) (is|are|does|will|would)( indeed)?|(i|we) (sure |certainly )?(would|do|will|am)( indeed)?|you (sure |certainly )?(do|did)|(please )?(do|order|book)|\
(perfect|great|fine|good|ok|okay|right|correct) (for|with|by) (me|us)|that all|y|k";

/// Courtesies, which add nothing to an agreement and make none.
pub const COURTESY: &[&str] = &[
    "right|nice|all good|got it|(i|we) (like|love) (it|that|this)|thank you( (so|very) much)?( again)?|many thanks|thanks( (a lot|so much|again|very much))?|if you (please|would)|(sir|madam|ma'am|maam|dear|buddy|mate|man)|hi|hello|hey|oh|ah|well|then|now|so|and|too|good (morning|evening|afternoon)|to (my|our|the) room|on my (room|bill|tab)|(that|this|it) (will|would) be all",
    "plis|(muchas )?gracias|pues|bueno|hola|buenas|entonces|y|a (mi|la|nuestra) habitacion|muy amable|senor|senora|senorita|ahora",
    "merci( beaucoup)?|alors|bonjour|et",
    "bitte( (sehr|schon))?|danke( (sehr|schon))?|vielen dank|dann|hallo|und|doch",
    "grazie( mille)?|allora|per cortesia|prego|e",
    "(muito )?obrigad[oa]|faz favor|entao|ola",
];

/// Asking politely is agreeing, when nothing else is said.
pub const PLEASE: &str = "please( do)?|pls|plz|pleas|por favor|porfa|porfavor|s'il (vous|te) plait|svp|stp|per favore|se faz favor";

/// Whole sentences that sound like agreeing and as often decline ("it's ok, thanks").
pub const WEAK: &str = "(it|that|this|all|everything) is (all )?(ok|okay|alright|all right)( then)?";

/// Refusals: the offer is not wanted, whatever else is said.
pub const REFUSE: &str = "nope|nah|naw|no|cancel( (it|that|the order))?|cancelled|negative|not (now|today|tonight|yet|any ?more|interested|needed|necessary|for me|at the moment|quite|exactly|really|right|correct)\
|(do|does|did|would|will) not (want|need|order|bring|send|charge|do|book|bother|like|add|place|confirm|seem)|is not (right|correct|what)|never ?mind|forget (it|that|about)|(leave|skip|drop|scrap) (it|that)|changed (up )?my mind|disregard|decided against\
|(i|we) (will )?pass|wrong|incorrect|stop|heard me wrong\
|mejor no|ahora no|todavia no|ya no|cancel(a|ar|e|alo|elo|arlo|o)|dejalo|dejelo|olvidalo|olvidelo|para nada|nunca|tampoco\
|non|annulez|annule|annuler|pas (maintenant|du tout|besoin|encore)|laissez tomber\
|nein|nicht|ne|nee|stornieren|abbrechen|kein|keine\
|annulla|annullare|lascia stare|lasci stare|nao|cancelar|deixa|deixe";

/// Openings with "no" that refuse nothing.
pub const NO_REFUSAL: &str = "whether or not|no (problem|worries|idea|clue|rush|hurry)|not sure|why not|(can|could) not wait|no hay problema|sin problema|no (lo )?se|no estoy (seguro|segura)|no entiendo|(do|did) not (understand|know|get)|kein problem|ich weiss nicht";

/// Words that turn the offer into another one.
pub const CHANGE: &str = "but|instead|change|changes|changing|correction|correct (it|that|the)|modify|shorten|extend|switch|swap|replace|rather|actually|another|more|extra|double|twice|only|without|with no|add|plus|remove|hold the|different|bigger|smaller|larger|fewer|less|half|make (it|that|them)|second thought|meant|mistake|miscalculated|oops|except|not|want|wanted|wish|prefer|would like|let us make|later|earlier|sooner|tomorrow\
|pero|mejor|cambia(r|me)?|cambie|cambio|en (vez|lugar)|sin|otr[oa]s?|mas|menos|solo|solamente|anade|anada|agrega|agregue|que sean?|manana|luego|mas tarde|en realidad|doble|mitad|quiero|quisiera|prefiero\
|mais|plutot|changez|sans|aber|lieber|ohne|statt|ma|invece|senza|piuttosto|mas|em vez|sem|antes";

/// Number words, with their value.
pub const NUMBERS: &[(&str, u32)] = &[
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("dozen", 12),
    ("couple", 2),
    ("both", 2),
    ("un", 1),
    ("uno", 1),
    ("una", 1),
    ("dos", 2),
    ("tres", 3),
    ("cuatro", 4),
    ("cinco", 5),
    ("seis", 6),
    ("siete", 7),
    ("ocho", 8),
    ("nueve", 9),
    ("diez", 10),
    ("deux", 2),
    ("trois", 3),
    ("quatre", 4),
    ("cinq", 5),
    ("eins", 1),
    ("zwei", 2),
    ("drei", 3),
    ("vier", 4),
    ("funf", 5),
    ("due", 2),
    ("tre", 3),
    ("quattro", 4),
    ("cinque", 5),
    ("um", 1),
    ("uma", 1),
    ("dois", 2),
    ("duas", 2),
    ("quatro", 4),
];

/// How a question or a wish for information begins, after the agreement.
pub const ASKS: &[&str] = &[
    "(what|where|when|which|who|how (much|many|long|far|soon|fast|late|early|do|does|is|are|can|will)|whose|do|does|is|are|will (there|they|the|that|it|this)|am)",
    "(can|could|may|would|will|shall) (you|i|we) (please |also |just |kindly |quickly )*(tell|give|provide|get|send|let|find|check|know|have|share|show|forward|inform|see|ask|receive|bring my|take (my|a)|speak|grab|smoke|bring|carry|use)",
    "(please |kindly |just |but )*(tell|give|let me know|get (me|its|their|the)|find|check|send me|provide|share|show|forward|look up|find out|grab me|let me have)",
    "(in|at|on|to|for|from) (what|which)|would (i|we) be able to (get|have|know|see)",
    "(i|we) (also |just |will |would |am |was )*(need|require|want|like|wondering|wonder|like to know|want to know|need to know|meant to ask|curious)",
    "(que|cual|cuales|cuando|cuanto|cuanta|donde|como|a que hora|hay|tienen|tiene|quien|por donde)",
    "(me )?(puede|puedes|podria|podrias|pueden) (decir|dar|decirme|darme|enviar|enviarme|confirmar|confirmarme|informar)( me)?",
    "(dime|digame|dame|deme|me (dice|dices|da|das))",
];

/// Words that lead from the agreement to something else.
pub const LEADS: &str = "and|also|oh|ah|by the way|btw|one (last|more) thing|then|please|pls|well|so|too|as well|ok|hey|y|tambien|ademas|por cierto|oye|una (cosa|pregunta) mas|una pregunta";

/// What a hotel is asked about besides an order: such a question leaves the offer as it is.
pub const TOPICS: &str = "smoke|smoking|dogs?|phones?|telephone|numbers?|digits|address|adress|location|located|rating|ratings|wifi|wi fi|internet|laundry|pets?|contact|policy|reviews?|password|opening|closing|open|close|closes|time|hours|parking|pool|gym|spa|sauna|breakfast|reception|check ?out|check ?in|taxi|airport|station|beach|restaurant|bar|receipt\
|hora|horario|direccion|telefono|numero|clave|contrasena|recibo|desayuno|piscina|gimnasio|aparcamiento|taxi|aeropuerto|playa|restaurante|recepcion";

/// Words of a question when the offer named no item: it cannot be about one.
pub const INFORMATION: &str = "fee|night|nightly|stars?|hotel|house|place|what|where|when|which|who|how|if|whether|price|prices|pricing|cost|costs|rate|rates|total|amount|charge|details|info|information|there|que|cual|cuando|cuanto|cuanta|donde|como|hay|precio|total|tienen|tiene";

/// What, in a request besides, would change the offer after all: another choice, thing or day.
pub const ALTERS: &str = "but|instead|rather|change|make|add|remove|without|extra|more|another|put|include|order|switch|swap|replace|later|earlier|actually|book|reserve|stay|arrive|arriving|leave|leaving|check(ing)? (me )?(in|out)|today|tonight|tomorrow|(this|next) week|weekend|monday|tuesday|wednesday|thursday|friday|saturday|sunday|people|persons|nights|days|rooms\
|pero|sin|mejor|otr[oa]|mas|cambiar|traer|anadir|manana|hoy|lunes|martes|miercoles|jueves|viernes|sabado|domingo";

/// Questions about the price.
pub const PRICE: &str = "price|prices|pricing|cost|costs|costing|rate|rates|total|amount|charge|charged|pay|paying|how much|damage|expensive|set me back|send me back|cuanto|precio|cuesta|vale|combien|prix|wieviel|wie viel|kostet|quanto|costa|preco";

/// Questions that doubt the offer instead of asking for more.
pub const DOUBT: &str = "sure|certain|again|really|serious|seriously|joking|mean|about|possible|possibly|that much|so much|instead|same|seguro|segura|otra vez|de nuevo|de verdad|posible";

/// Things a guest asks for besides, which are no part of any offer and cost nothing.
pub const AMENITY: &str = "towels?|pillows?|blankets?|toothbrush(es)?|toothpaste|soaps?|shampoos?|slippers|robes?|bathrobes?|iron|hairdryer|hangers?|adapters?|chargers?|toilet paper|tissues|crib|cot|cleaning|toallas?|almohadas?|mantas?|cepillos?|jabon|champu|zapatillas|albornoz|albornoces|plancha|secador|perchas?|adaptador|papel higienico|cuna|limpieza";

/// The small words of such a request.
pub const AMENITY_GLUE: &str = "and|also|plus|then|could|can|may|would|i|we|you|get|have|bring|send|me|us|need|want|like|please|pls|some|a|an|the|extra|more|another|clean|fresh|new|bath|hand|to|my|our|the|room|of|for|too|as|well|up\
|y|tambien|ademas|necesito|necesitamos|quiero|quisiera|quisieramos|puede|puedes|podria|podrias|pueden|traer|traerme|traernos|traiga|mandar|mandarme|enviar|enviarme|me|nos|unas?|unos|otras?|mas|limpias?|por|favor|porfa|a|la|mi|habitacion|de|bano";
