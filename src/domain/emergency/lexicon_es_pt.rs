//! The emergency lexicon in Spanish and Portuguese; data alone.

use super::{AlarmKind, Block, Lexicon};

pub const LEXICONS: &[Lexicon] = &[
    Lexicon { blocks: SPANISH, lists: SPANISH_LISTS, supposing: SPANISH_SUPPOSING, unspaced: false },
    Lexicon { blocks: PORTUGUESE, lists: PORTUGUESE_LISTS, supposing: PORTUGUESE_SUPPOSING, unspaced: false },
];

const SPANISH_LISTS: &[(&str, &str)] = &[
    (
        "LUGAR",
        "habitacion|habitaciones|cuarto|pasillo|pasillos|cocina|bano|balcon|edificio|planta|piso|escalera|escaleras|ascensor|elevador|hotel|recepcion|suite|cama|garaje|parking|sotano|terraza|restaurante|lobby|vestibulo|lavanderia|enchufe|ventana|techo|puerta|sauna|piscina|gimnasio|azotea|armario|lado",
    ),
    (
        "COSA",
        "habitacion|cuarto|cocina|cama|cortina|cortinas|basura|papelera|horno|tele|television|cargador|bateria|enchufe|secador|hotel|edificio|pelo|coche|techo|telefono|movil|portatil|lampara|sofa|toalla|balcon|microondas|plancha|restaurante|moto",
    ),
    (
        "FAMILIA",
        "marido|esposo|mujer|esposa|hijo|hija|hijos|madre|padre|mama|papa|bebe|nino|nina|ninos|novio|novia|pareja|amigo|amiga|hermano|hermana|abuela|abuelo|sobrino|sobrina|companero|companera|nieto|nieta|suegra|suegro|tio|tia|primo|prima",
    ),
    (
        "PERSONA",
        "$FAMILIA|el|ella|alguien|huesped|hombre|senor|senora|chico|chica|persona|anciano|anciana|camarera|camarero|muchacho|muchacha|cliente|una|un",
    ),
    (
        "ATACANTE",
        "hombre|hombres|alguien|tipo|tipos|desconocido|desconocidos|marido|novio|ex|exmarido|borracho|ellos|el|ella|ladron|ladrones|personas|gente|chico|vecino|huesped|senor|mujer|uno|unos",
    ),
    ("ARMA", "pistola|cuchillo|navaja|arma|machete|rifle|escopeta|bomba|revolver"),
    (
        "HUESO",
        "pierna|brazo|cadera|muneca|tobillo|pie|mano|nariz|cuello|espalda|rodilla|hombro|dedo|costilla|codo",
    ),
];

const SPANISH_SUPPOSING: &[&str] = &[
    "(en caso|por si|en el caso) [(de|hay|ocurre|que)] [(haya|un|hubiera)] [un]",
    "que (pasa|hago|hacemos|hacer|debo hacer|ocurre) si ~4",
    "si (hay|hubiera|hubiese|ocurre) [un]",
    "(miedo|temor) (a|de) [(un|una|los|las)]",
];

const SPANISH: &[Block] = &[
    Block {
        lang: "es",
        kind: AlarmKind::Fire,
        says: &[
            "(hay|veo|vemos|tenemos|se ve|empezo|comenzo|sale|salen) [(un|mucho|el)] [(gran|pequeno)] (fuego|incendio|llamas)",
            "(fuego|incendio|llamas) en (el|la|mi|nuestra|nuestro|los|las|un|una) ~1 $LUGAR",
            "=[(socorro|ayuda|auxilio|hay)] (fuego|incendio) [(fuego|incendio)] [(fuego|ayuda|socorro|auxilio|rapido|por favor)]",
            "$COSA ~1 (esta|se esta|estan|se estan|esta todo) (ardiendo|quemando|en llamas|incendiando|prendida|prendido fuego|echando humo|humeando|sacando humo|soltando humo|echando chispas|soltando chispas)",
            "(se esta|esta|se estan) (quemando|incendiando|ardiendo|prendiendo) [(todo|algo)] (el|la|mi|un|una|algo|todo|nuestra) [$COSA]",
            "(algo|todo|esto) se (quema|esta quemando|incendia|esta incendiando)",
            "(se (prendio|incendio|quema|ha incendiado)|prendio|cogio fuego|ha cogido fuego)  ~1 [(el|la|mi)] $COSA",
            "(cogio|ha cogido|agarro|prendio|prendido) fuego",
            "(hay|veo|vemos|sale|entra|viene|mucho|tanto|llena de|lleno de|llenando de) [(mucho|tanto|un poco de)] humo [(en|por|del|de la|desde|saliendo|negro|entrando)]",
            "humo (en|por|saliendo|negro|debajo|entrando) ~2 $LUGAR",
            "(huele|olor|huelo|olemos) ~2 (a quemado|a humo|humo|a plastico quemado|a cable quemado|a goma quemada|quemado)",
            "(suena|sonando|salto|ha saltado|esta sonando|se activo|se ha activado|sono|no para) [(la|una)] (alarma|detector) [(de|contra)] (incendio|incendios|humo|fuego)",
            "(alarma|alarmas|detector) (de|contra) [el] (incendio|incendios|humo|humos|fuego) ~2 (sonando|suena|sono|ha saltado|se activo|salto|no para|esta sonando|pitando)",
            "(hubo|ha habido|oimos|escuchamos|oi|escuche) [una] [(gran|fuerte)] explosion",
            "(exploto|ha explotado|estallo) ~4 (gas|fuego|humo|herido|heridos|cocina|llamas|caldera)",
            "(saltan|salen|sale|echa|hay) ~1 chispas",
            "(llame|llamen|llama|llamad|necesitamos|manden|avise|avisen) ~1 (los|a los|a) bomberos",
        ],
        unless: &[
            "(chimenea|fuegos artificiales|hoguera|barbacoa|detector de humo tiene|humo de (tabaco|cigarro|cigarrillo|puro)|tabaco|cigarrillo|cigarro|porro|marihuana|fuman|fumando|fumar|simulacro|prueba|a fuego lento|extintor)",
            "salida de incendio*",
        ],
    },
    Block {
        lang: "es",
        kind: AlarmKind::Gas,
        says: &[
            "(huele|olor|huelo|olemos) [(mucho|fuerte|muy fuerte|bastante|un)] a gas",
            "(fuga|escape|escapes|fugas) de gas",
            "(alarma|detector) de (monoxido|gas) ~3 (suena|sonando|pitando|salto)",
            "(hay|intoxicacion|intoxicado|intoxicados|intoxicada|fuga) ~2 monoxido [de carbono]",
        ],
        unless: &["gas (natural|licuado) (incluido)", "agua con gas|sin gas"],
    },
    Block {
        lang: "es",
        kind: AlarmKind::SelfHarm,
        says: &[
            "(quiero|quiere|voy a|va a|pienso|piensa|intento|quisiera|intentando|amenaza con|prefiero|dice que quiere) [a] (matarme|matarse|suicidarme|suicidarse|morirme ya|hacerme dano|hacerse dano|cortarme las venas|ahorcarme|quitarme la vida|quitarse la vida|tirarme|tirarse por)",
            "(me|se) (quiero|quiere|voy a|va a) (matar|morir|suicidar|ahorcar|tirar (por|del|desde)|cortar las venas|quitar la vida)",
            "(quiero|prefiero|quisiera|deseo) (morir|morirme|estar muerto|estar muerta)",
            "no quiero (vivir|seguir viviendo|vivir mas)|ya no quiero vivir",
            "(ganas|razon|razones|motivos) (de|para) [(seguir)] (vivir|viviendo) ~3",
            "(me|se) (tome|tomo|he tomado|ha tomado|trague|trago) ~4 (pastillas|somniferos|barbituricos)",
            "(sobredosis|suicidio|suicidarse|suicidarme|suicida)",
            "(acabar|terminar) con (mi|su) vida|(acabar|terminar) con todo",
            "(saltar|tirarme|tirarse|lanzarme|lanzarse|saltara) [(del|por el|desde el|por la|de la|desde la)] (balcon|ventana|azotea|terraza|tejado)",
        ],
        unless: &[
            "(risa|hambre|calor|verguenza|envidia|ganas de vivir experiencias|escuadron)",
            "matar el tiempo",
        ],
    },
    Block {
        lang: "es",
        kind: AlarmKind::Medical,
        says: &[
            "no (puedo|puede|podemos|logra|consigue|logro|esta|puedo casi|puede casi) ~1 (respirar|respirando)|no respira|dej* de respirar|(le|me) (cuesta|falta) ~2 (respirar|aire|el aire)|dificultad ~1 respirar|me (ahogo|estoy ahogando|asfixio)|se (ahoga|asfixia|esta ahogando|esta asfixiando|atraganto|ha atragantado|esta atragantando)|casi no respira|apenas respira",
            "(inconsciente|desmayo|desmayado|desmayada|desmaye|desvanecio|desplomo|desplomado)|perdio (el conocimiento|la conciencia)|perdido (el conocimiento|la conciencia)|no (responde|reacciona|despierta|se despierta|vuelve en si) [(mi|el|ella|la|un|y|a|esta)]",
            "(sufrio|sufriendo|sufre|tiene|tuvo|teniendo|dando|dado|dio|da|le dio|tengo|tenido|sufrido|parece|es) [(un|una|lo que parece)] (infarto|ataque al corazon|ataque cardiaco|ataque de corazon|derrame|derrame cerebral|ictus|convulsiones|convulsion|ataque epileptico|ataque de epilepsia|paro cardiaco|reaccion alergica|ataque de asma|shock anafilactico|crisis epileptica|embolia|aborto|ataque de panico|choque anafilactico)",
            "(esta|estan) convulsionando|convulsiona*|dolor (insoportable|fortisimo|muy intenso)|sin pulso|no tiene pulso",
            "(dolor|dolores|presion|opresion) ~3 (en el|de|del) pecho|(me|le) (duele|oprime|aprieta) [(mucho|muchisimo)] [(el)] pecho",
            "(sangra|sangrando|sangrado|sangre|hemorragia|desangra|desangrando) ~1 (mucho|mucha|no para|por todas|abundante|por la|por el|de la|del|de|fuerte|grave|sin parar|bastante|y)|(mucha|charco de|perdiendo|perdido mucha|llena de|lleno de|cubierto de) sangre|(salir|sale|saliendo|perdiendo|pierde) [(mucha|tanta)] sangre|(esta|estoy|sigue|se esta) ~1 (sangrando|desangrando)|no para de sangrar|hemorragia",
            "(necesito|necesitamos|necesita|llame|llamen|llama|llamad|manden|mande|envien|envie|pidan|pida|quiero|pide|urge|precisamos|hace falta|llamar) [(a|por favor|pronto|urgente|ya)] [(una|a una|un|a un|la|el|al)] (ambulancia|medico|doctor|doctora|paramedico|paramedicos|samu|asistencia medica|ayuda medica|atencion medica|primeros auxilios)",
            "(ambulancia|medico|doctor) (ya|urgente|urgentemente|rapido|por favor|ahora|cuanto antes|de urgencia)",
            "emergencia medica|urgencia medica",
            "=[(por favor|ayuda|una)] ambulancia [(por favor|ya)]",
            "(se|me) (ha|he) ~1 (roto|partido|fracturado|quebrado) ~1 (la|el|una|un|las) $HUESO|(se|me) (rompio|rompi|partio|parti|fracturo|fracture|quebro|quebre) ~1 (la|el|una|un) $HUESO",
            "(se|me) (cayo|ha caido|cai|he caido|resbalo|resbale|ha resbalado|he resbalado) ~5 (escaleras|escalera|ducha|banera|bano|balcon|piscina|cabeza|no se|no puedo|no puede|mover|levantar*|sangra*|herid*|ventana|tobillo|pierna|golpe*)",
            "(se|me) (ha|he|golpeo|golpee|dio|di|golpe) ~2 [(un golpe|golpeado)] [(en)] la cabeza",
            "(esta|estan|hay|estoy|quedo|resulto) ~2 (herido|herida|heridos|heridas|malherido|electrocutado|envenenado|intoxicado|lesionado|lesionada)",
            "(rompio|rompi|ha roto|roto) (aguas|la fuente|fuente)|(de|en trabajo de) parto|(esta|estoy) dando a luz|(tiene|tengo|teniendo|con) contracciones",
            "$PERSONA ~2 (se ahoga|se esta ahogando|ahogando|ahogo|se ahogo|ahogado|ahogada) [(en la piscina|en el mar|en la)]|ahogando* en (la piscina|el mar|el agua)",
            "(trago|bebio|comio|ingirio|tragado|bebido|tomo) ~2 (lejia|veneno|detergente|pila|pastillas|medicamento*|cloro)",
            "(hincha|hinchando|hinchada|cerrando|cierra) ~2 (garganta|lengua|cara|labios)|(garganta|lengua|cara) ~3 (hincha*|cerrando|cierra)",
            "(esta|estoy|se esta|me estoy|se) (muriendo|muere)|(esta|parece) (muerto|muerta|morado|azul)|un (muerto|cadaver)",
            "(muy|bastante|gravemente) (grave|enfermo|enferma) ~6 (medico|hospital|ayuda|ambulancia)",
            "(bebe|nino|nina|hijo|hija) ~4 fiebre (muy alta|de (39|40|41))|fiebre de (39|40|41)",
            "(ir|llevar*|llevenme|lleven*) ~3 (a urgencias|al hospital) [(ya|urgente|rapido|ahora)]",
            "(descarga electrica|me electrocute|se electrocuto|bajada de azucar|golpe de calor|picado una medusa|mordido una serpiente)",
            "(corto|corte|cortado) ~3 (mucho|profundo|sangr*|dedo|mano|venas)",
        ],
        unless: &[
            "(hace (anos|meses|semanas|dias)|el ano pasado|el mes pasado|antes del viaje|silla de ruedas|muletas|certificado|cita con|recomienda* un|receta)",
            "muriendo de (hambre|sed|ganas|risa|calor|frio|sueno|aburrimiento)|muere de (hambre|ganas|risa)|muero (de|por)|me muero",
            "(movil|telefono|bateria|tele|mando|planta|wifi) ~2 (muerto|muerta|muriendo)",
            "(casi|por poco) ~3 (infarto)|infarto ~4 (precio|factura|cuenta)",
            "(pelicula|novela|serie)",
        ],
    },
    Block {
        lang: "es",
        kind: AlarmKind::Violence,
        says: &[
            "(me|nos|le|les) (han|ha|acaban de|acaba de|quieren|estan|esta|intentaron|intento|intentan|quiere) [(acabado de)] (robado|robar|robando|asaltado|asaltar|atracado|atracar|atacado|atacar|atacando|violado|violar|apunalado|golpeado|golpeando|golpear|pegado|pegando|pegar|amenazado|amenazando|secuestrado|agredido|agredir|agrediendo|drogado|apuntado|apuntando|disparado|disparando|seguido|siguiendo|acosado|acosando|matar|estrangulado|estrangulando|tocado|acosar|perseguido|persiguiendo)",
            "(me|nos|le) (robaron|robo|asaltaron|asalto|atracaron|atraco|atacaron|ataco|violaron|violo|apunalaron|golpearon|golpeo|pego|pegaron|amenazo|amenaza|amenazan|amenazaron|secuestraron|agredio|agredieron|drogaron|apunta|dispararon|sigue un|persigue|acosa|pega|golpea)",
            "(quitaron|quito|arrebataron|arrebato|arrancaron|arranco|hurtaron|quitado|arrancado|arrebatado) (la|el|mi|mis|nuestro|nuestra|las|los) ~1 (cartera|bolso|pasaporte|movil|dinero|maleta|telefono|joyas|mochila|reloj|cadena)|(cartera|bolso|pasaporte|movil|dinero|maleta|maletas|telefono|joyas|mochila|reloj|coche|ordenador|cosas) ~2 (robado|robada|robados|robadas|robaron)",
            "(robado|robaron|robo) (la|el|mi|mis|nuestro|nuestra|nuestras|nuestros|las|los|todo|dinero) ~1 [(cartera|bolso|pasaporte|movil|dinero|maleta|maletas|ordenador|coche|telefono|joyas|cosas|tarjeta|tarjetas|mochila|reloj)]",
            "(alguien|un hombre|unos hombres|hombre|desconocido|ladron|ladrones|gente|una persona|intruso|borracho) ~4 (entrar|entro|entrando|ha entrado|entraron|forzar|forzando|forzado|colarse|colo|metido|metio|abrir mi puerta|abrir la puerta|dentro de mi|en mi habitacion|en mi cuarto|tumbar la puerta|golpeando mi puerta|patadas)",
            "(hay|veo|tengo) [un] [(un)] (intruso|ladron|desconocido|extrano|tirador|asesino|hombre armado) ~3",
            "(entrado|entraron|entro) a robar",
            "(han|ha) ~1 (entrado|forzado) ~2 (habitacion|cuarto|coche|caja|puerta)",
            "$ATACANTE ~2 (con|tiene|lleva|saco|trae|llevaba|tenia|saca) [(un|una|su|la|el)] $ARMA",
            "(a mano armada|a punta de (pistola|cuchillo|navaja)|hombre armado|hombres armados|gente armada)",
            "(disparos|tiroteo|balazos|tiros|balacera|hay disparos|estan disparando)",
            "$ATACANTE ~3 (esta|estan|quiere|quieren|intenta|intentan|trata de) (pegando|pegandole|golpeando|golpeandola|amenazando|siguiendo|acosando|atacando|agrediendo|matar|matarme|matarnos|matarla|violar|violarme|apunalando|persiguiendo|tocando|molestando|hacerme dano|pegarme|estrangulando)",
            "(pelea|rina|bronca) (en|fuera|afuera|al lado) [(el|la)] ~1 [$LUGAR]|(se estan|estan) (peleando|pegando|golpeando|matando)",
            "(llame|llamen|llama|llamad|necesito|necesitamos|avisen|avise|manden|llamar|quiero) [(a|por favor)] [(la|a la)] policia",
            "=[(ayuda|socorro)] policia [(por favor|ya)]|policia (ya|urgente|rapido|ahora)",
            "(mi|el|su) (marido|novio|esposo|pareja|ex) ~1 (me|la) (pega|pego|golpea|golpeo|maltrata|amenaza|ha pegado|ha golpeado|esta pegando)",
            "(amenaza de bomba|hay una bomba|rehen|rehenes|secuestr*)",
            "(temo|miedo) por (mi|nuestra|su) (vida|seguridad)|(estoy|estamos|esta) en peligro|(mi|nuestra) vida [esta] ~1 peligro",
            "[(una)] (mujer|chica|senora|persona|alguien) (gritando|grita|pidiendo|pide) [(y)] [(auxilio|ayuda|socorro|pidiendo ayuda|pidiendo auxilio|que la)]",
            "(robo|atraco|asalto|agresion|violacion|ladrones) (en|dentro de) (mi|el|la|nuestra) ~1 $LUGAR",
        ],
        unless: &[
            "robado (el|mi|nuestro) corazon|(robo|roba) (el|mi|nuestro) corazon",
            "(mosquito|mosquitos|chinches|precio|precios|insectos|hormigas|bichos)",
            "(traer|trae|traiga|tienen|podria*|puede*|prestar|prestarme) ~3 (cuchillo|cuchillos)",
            "(cuchillo y tenedor|tenedor y cuchillo|comisaria|informe policial|denuncia para el seguro|pelicula|jugo|agua)",
            "(sesion de fotos|rodaje)",
        ],
    },
    Block {
        lang: "es",
        kind: AlarmKind::Trapped,
        says: &[
            "(atrapado|atrapada|atrapados|atrapadas|encerrado|encerrada|encerrados|encerradas|atascado|atascados|atascada|bloqueados|bloqueado|bloqueada|atorados|atorado|atorada|quedado|quedamos) ~2 en (el|la|un|este|mi|nuestro|nuestra) ~1 (ascensor|elevador|bano|balcon|sauna|habitacion|terraza|cuarto|escalera|escaleras|sotano|garaje|azotea|aseo|gimnasio|ducha|lavabo)",
            "(ascensor|elevador) ~4 (parado|atascado|bloqueado|detenido|paro|atoro|averiado|no abre) ~4 (dentro|conmigo|con (gente|nosotros|personas|mi)|estamos|estoy|atrapad*|entre)",
            "no (puedo|podemos|puede) salir del (ascensor|elevador|bano|balcon|cuarto|sauna|aseo)|no (puedo|podemos) salir de (la|mi|nuestra) (habitacion|terraza|sauna|ducha)",
        ],
        unless: &[
            "(llave|llaves|tarjeta|equipaje|maleta|movil) ~3 (encerrad*|atascad*|dentro|bloquead*|atrapad*)",
        ],
    },
    Block {
        lang: "es",
        kind: AlarmKind::Missing,
        says: &[
            "(no (encuentro|encontramos|aparece|veo)|perdi|he perdido|hemos perdido|perdimos|busco|buscamos|se perdio|se ha perdido|desaparecio|ha desaparecido) [(a)] (mi|nuestro|nuestra|mis|nuestros) (hijo|hija|hijos|nino|nina|ninos|bebe|nieto|nieta|sobrino|sobrina|pequeno|pequena)",
            "(mi|nuestro|nuestra) (hijo|hija|nino|nina|bebe|nieto|nieta|pequeno|pequena) ~3 (perdido|perdida|desaparecido|desaparecida|perdio|desaparecio|no aparece)",
            "(nino|nina) (perdido|perdida|desaparecido|desaparecida)",
            "(mi|nuestra|nuestro) (madre|padre|abuela|abuelo) ~5 (alzheimer|demencia) ~6 (perdid*|desaparec*|no encuentr*|encuentro|aparece)|desaparecido mi (madre|padre|abuela|abuelo)",
        ],
        unless: &["(juguete|peluche|mochila|chaqueta|movil|tablet|zapato|zapatos|gafas|panuelo|chupete)"],
    },
    Block {
        lang: "es",
        kind: AlarmKind::Distress,
        says: &[
            "(es|esto es|tenemos|tengo|hay) [una] (emergencia|urgencia)",
            "=[(por favor|ayuda|es una|hola)] emergencia [(por favor|ayuda|rapido)]",
            "=[(por favor)] (socorro|auxilio) [(socorro|auxilio|ayuda|por favor|ayudenme)] [(ayuda|socorro)]",
            "=(ayudenme|ayudennos|auxilio|socorro) [(por favor|rapido|ya)] [por favor]",
            "(pido|pide|piden|pidiendo) (auxilio|socorro)|alguien [(que)] (me|nos) ayude",
            "(llame|llamen|llama|llamad|marque|llamar) [(al|a)] (112|911|091|061|999)",
            "(ayudenme|ayudennos|ayuda|socorro|auxilio) ~4 (muriendo|morir|sangr*|peligro|matar|rapido|urgente)",
            "(techo|edificio|balcon) [(se)] [(esta|ha)] (derrumb*|cayendo|hundiendo|derrumbado)",
        ],
        unless: &[
            "(salida|salidas|telefono|telefonos|numero|contacto|escalera|luz|luces|boton|kit|plan) de (emergencia|emergencias|urgencia)",
            "(no es (una )?(emergencia|urgencia)|emergencia familiar|en caso de|caso de emergencia)",
        ],
    },
];

const PORTUGUESE_LISTS: &[(&str, &str)] = &[
    (
        "LUGAR",
        "quarto|quartos|corredor|corredores|cozinha|banheiro|casa de banho|varanda|predio|andar|piso|escada|escadas|elevador|hotel|recepcao|rececao|suite|cama|garagem|porao|cave|terraco|restaurante|lobby|lavandaria|lavanderia|tomada|janela|teto|porta|sauna|piscina|ginasio|academia|telhado",
    ),
    (
        "COISA",
        "quarto|cozinha|cama|cortina|cortinas|lixo|forno|tv|televisao|carregador|bateria|tomada|secador|hotel|predio|cabelo|carro|telhado|telefone|telemovel|celular|lampada|sofa|toalha|varanda|microondas",
    ),
    (
        "FAMILIA",
        "marido|esposo|mulher|esposa|filho|filha|filhos|mae|pai|bebe|crianca|criancas|namorado|namorada|amigo|amiga|irmao|irma|avo|sobrinho|sobrinha|colega|neto|neta|sogra|sogro|tio|tia",
    ),
    (
        "ATACANTE",
        "homem|homens|alguem|cara|caras|tipo|desconhecido|marido|namorado|ex|bebado|ele|eles|ladrao|ladroes|pessoas|pessoa|vizinho|hospede|gajo|mulher",
    ),
    ("ARMA", "pistola|faca|navalha|arma|machete|rifle|bomba|revolver|canivete|facao"),
    (
        "OSSO",
        "perna|braco|quadril|anca|pulso|tornozelo|pe|mao|nariz|pescoco|costas|joelho|ombro|dedo|costela|cotovelo",
    ),
];

const PORTUGUESE_SUPPOSING: &[&str] = &[
    "(em caso|no caso) de [um]",
    "(o que|que) (acontece|faco|fazemos|fazer|devo fazer) (se|quando) ~4",
    "se (houver|houvesse|ha|tiver) [um]",
    "medo de [(um|uma)]",
];

const PORTUGUESE: &[Block] = &[
    Block {
        lang: "pt",
        kind: AlarmKind::Fire,
        says: &[
            "(ha|tem|vejo|vemos|esta tendo|comecou|esta a haver|temos) [(um|muito|o)] [(grande|pequeno)] (fogo|incendio|chamas)",
            "(fogo|incendio|chamas) (no|na|em|nas|nos) [(meu|minha|nosso|um|uma)] ~1 $LUGAR",
            "=[(socorro|ajuda|ha)] (fogo|incendio) [(fogo|incendio)] [(fogo|ajuda|socorro|rapido|por favor)]",
            "(pegou|pegando|pega|pegaram|a pegar|apanhou) fogo",
            "$COISA ~1 (esta|estao|ta) [(todo|toda)] (em chamas|a arder|ardendo|queimando|a queimar|incendiado|fumegando|deitando fumo|soltando fumaca|a deitar fumo|soltando faiscas|a fazer faiscas)",
            "(algo|alguma coisa|tudo) ~1 (a arder|queimando|a queimar|em chamas)",
            "(ha|tem|vejo|vemos|sai|saindo|entra|muito|muita|cheio de|tanta|tanto) [(muito|muita)] (fumo|fumaca) [(no|na|do|da|preto|preta|saindo|a sair|entrando|a entrar)]",
            "(fumo|fumaca) (no|na|do|da|nos|saindo|preta|preto|a sair|debaixo|por baixo) ~2 $LUGAR",
            "(cheira|cheiro|cheirando|sinto cheiro) ~2 (a queimado|de queimado|a fumo|fumaca|de fumaca|a plastico queimado|queimado|de plastico queimado)",
            "(alarme|detector|detetor) (de|contra) (incendio|fumaca|fumo|fogo) ~3 (tocando|a tocar|disparou|tocou|apitando|soando|esta tocando)",
            "(tocando|disparou|a tocar) o (alarme|detector) de (incendio|fumaca|fumo)",
            "(houve|ouvi|ouvimos|teve) [uma] [(grande|forte)] explosao",
            "(chame|chamem|chama|liguem|ligue|precisamos|preciso) [(para|aos|dos|de)] [os] bombeiros",
            "(saindo|saem|soltando|a sair|esta a soltar) ~1 faiscas",
        ],
        unless: &[
            "(lareira|fogos de artificio|fogueira|churrasco|fumo de tabaco|cigarro|charuto|tabaco|maconha|fumando|a fumar|fumar|simulacro|simulado|teste|extintor)",
            "saida de incendio*",
        ],
    },
    Block {
        lang: "pt",
        kind: AlarmKind::Gas,
        says: &[
            "(cheira|cheiro|cheirando|sinto cheiro) ~1 (a|de) gas",
            "(fuga|vazamento|escape) de gas|gas (vazando|a vazar)",
            "(alarme|detector|detetor) de (monoxido|gas) ~3 (tocando|a tocar|disparou|apitando)",
            "(ha|intoxicacao|intoxicado|intoxicados|vazamento) ~2 monoxido",
        ],
        unless: &["agua (com|sem) gas"],
    },
    Block {
        lang: "pt",
        kind: AlarmKind::SelfHarm,
        says: &[
            "(quero|quer|vou|vai|penso em|pensando em|tentou|tentar|queria|ameaca|pensa em|a pensar em) [(me|se)] (matar|suicidar|enforcar|morrer|me matar|se matar|matar me|matar se|suicidar me|suicidar se|tirar a (minha|propria) vida|cortar os pulsos|me machucar|me ferir)",
            "(me|se) (quero|vou|quer|vai) matar",
            "nao quero [(mais)] viver [mais]|(razao|razoes|motivo|vontade) (para|de) [(continuar a)] viver",
            "(suicidio|overdose|suicida)",
            "(tomei|tomou|engoliu|engoli) ~4 (comprimidos|remedios|pilulas)",
            "acabar com (a minha vida|a sua vida|tudo|minha vida)",
            "(saltar|pular|atirar|jogar|me jogar|se jogar|atirar me|atirar se|a saltar) [(me|se)] (da|do|pela) (varanda|janela|telhado|predio|terraco)",
        ],
        unless: &["(rir|fome|calor|vergonha|saudades|tempo|sede)"],
    },
    Block {
        lang: "pt",
        kind: AlarmKind::Medical,
        says: &[
            "nao (consigo|consegue|esta|conseguimos|pode|posso|estou) ~1 [a] (respirar|respirando)|nao respira|parou de respirar|(dificuldade|dificuldades) ~1 respirar|falta de ar|mal (consegue|consigo) respirar|(esta|estou) ~1 (sufocando|engasgado|engasgada|engasgando|a sufocar|a engasgar|asfixiando)|engasgou",
            "(desmaiou|desmaiei|desmaiado|desmaiada|inconsciente)|perdeu (os sentidos|a consciencia)|nao (responde|reage|acorda) [(e|a|o)]",
            "(tendo|teve|tem|ter|sofreu|sofrendo|deu|a ter|tenho|parece) [(um|uma)] (enfarte|infarto|ataque cardiaco|ataque do coracao|avc|derrame|convulsao|convulsoes|ataque epiletico|ataque epileptico|reacao alergica|parada cardiaca|paragem cardiaca|choque anafilatico|ataque de asma|crise de asma)",
            "(dor|dores|aperto|pressao) ~2 (no|de) peito|(doi|me doi|doi me) ~1 o peito",
            "(sair|saindo|sai|a sair|perdendo|a perder) [muito] sangue|sem pulso|dor (insuportavel|muito intensa)",
            "(sangrando|a sangrar|sangra|sangrar) ~1 (muito|nao para|pela|pelo|da|do|bastante|sem parar|e)|(muito|poca de|cheio de|coberto de|perdendo) sangue|nao para de sangrar|hemorragia|(esta|estou) ~1 (sangrando|a sangrar)",
            "(preciso|precisamos|precisa|chame|chamem|chama|mandem|mande|enviem|quero|liguem|ligue|chamar) [(de|para|urgente|por favor|urgentemente)] [(uma|um|a|o|de uma|de um)] (ambulancia|medico|medica|doutor|samu|inem|paramedico|socorro medico|ajuda medica|assistencia medica|primeiros socorros)",
            "(ambulancia|medico) (ja|urgente|urgentemente|rapido|por favor|agora)|emergencia medica",
            "(partiu|quebrou|quebrei|parti|fraturou|fraturei|partido|quebrado) ~1 (a|o|uma|um) $OSSO",
            "(caiu|cai|escorregou|escorreguei) ~5 (escada|escadas|banheira|chuveiro|duche|banheiro|varanda|piscina|cabeca|levantar|mexer|nao consegue|nao consigo|sangr*|ferid*|janela|tornozelo|perna)",
            "(bateu|bati) ~1 [(com)] a cabeca",
            "(esta|estao|ha|estou|tem|ficou) ~2 (ferido|ferida|feridos|feridas|eletrocutado|machucado gravemente|gravemente ferido|envenenado|intoxicado)",
            "(rebentaram|estourou|romperam) (as aguas|a bolsa)|bolsa (estourou|rompeu)|(em|entrou em) trabalho de parto|(tendo|ter|com) contracoes",
            "(afogando|afogar|afogou|afogado|afogada) [(na|no|se)]|se afogando|a afogar se",
            "(engoliu|bebeu|comeu|ingeriu) ~2 (lixivia|veneno|detergente|pilha|comprimidos|remedio|agua sanitaria|produto)",
            "(garganta|lingua|cara|rosto) ~3 (inchar|inchando|inchada|fechar|fechando|inchado)",
            "(esta|estou|ta) (morrendo|a morrer)|(esta|parece) (morto|morta|roxo|azul)|um (morto|cadaver|corpo)",
            "(bebe|crianca|filho|filha) ~4 febre (muito alta|de (39|40|41))|febre de (39|40|41)",
            "(para|ao) [(o)] hospital (urgente|ja|rapido|agora)|choque eletrico|insolacao",
        ],
        unless: &[
            "(ha (anos|meses|semanas)|no ano passado|mes passado|antes da viagem|cadeira de rodas|muletas|atestado|consulta)",
            "(morrendo|a morrer|morto|morta) de (fome|sede|vontade|rir|calor|frio|sono|cansaco)",
            "(celular|telemovel|telefone|bateria|tv|comando) ~2 (morto|morta|morrendo)",
            "(quase|por pouco) ~3 (enfarte|infarto)",
        ],
    },
    Block {
        lang: "pt",
        kind: AlarmKind::Violence,
        says: &[
            "(fui|fomos|foi|foram|sendo|a ser) (roubado|roubada|roubados|assaltado|assaltada|assaltados|atacado|atacada|atacados|agredido|agredida|agredidos|violada|violado|estuprada|esfaqueado|esfaqueada|ameacado|ameacada|sequestrado|sequestrada|drogada|drogado|espancado|espancada|perseguida|perseguido)",
            "(carteira|bolsa|mala|malas|passaporte|celular|telemovel|dinheiro|mochila|relogio|carro|joias) ~2 (roubado|roubada|roubados|furtado|furtada|roubaram|furtaram)|levou um tiro|arrancaram (a|o|minha|meu)",
            "(roubaram|roubou|assaltaram|furtaram|levaram) (me|nos|o|a|os|as|meu|minha|nosso|nossa|tudo|todo|meus|minhas) ~2",
            "(me|nos) (roubaram|assaltaram|atacaram|agrediram|ameacaram|roubou|ameacou|atacou|agrediu|bateu|bateram|ameaca|ameacam|bate|drogaram)",
            "(alguem|um homem|homem|homens|desconhecido|ladrao|ladroes|pessoa|intruso|bebado) ~4 (entrar|entrou|entrando|a entrar|entraram|arrombar|arrombou|arrombando|forcar|forcando|invadir|invadiu|invadindo|no meu quarto|dentro do meu|abrir a minha porta|abrir minha porta|a forcar)",
            "(ha|tem) um (intruso|ladrao|desconhecido|estranho|atirador|homem armado) ~3",
            "(arrombaram|invadiram|arrombado|assaltado) ~2 (quarto|carro|cofre|porta)",
            "$ATACANTE ~2 (com|tem|sacou|puxou|traz|apontou) [(um|uma|a|o)] $ARMA",
            "(mao armada|homem armado|homens armados|tiros|tiroteio|disparos|ameaca de bomba|ha uma bomba|tem uma bomba|refem|refens|sequestr*)",
            "$ATACANTE ~3 (esta|estao|quer|querem|tentou|ta) [(a|me|nos)] [(me|nos)] (bater|batendo|ameacar|ameacando|seguir|seguindo|perseguir|perseguindo|assediar|assediando|atacar|atacando|agredir|agredindo|matar|violar|espancar|espancando|agarrar|agarrando)",
            "(briga|luta|pancadaria) (no|na|em|la fora) [(o|a)] ~1 [$LUGAR]|(estao) (brigando|a lutar|se batendo|a bater se|a agredir se)",
            "(chame|chamem|chama|liguem|ligue|preciso|precisamos|chamar) [(da|para a|a|de|pra)] policia",
            "=[(ajuda|socorro)] policia [(por favor|ja)]|policia (ja|urgente|rapido|agora)",
            "(meu|o) (marido|namorado|ex|esposo) ~1 [(me)] (bate|bateu|agrediu|ameaca|ameacou|bateu me|agride|esta a bater) [me]",
            "(temo|medo) (pela|por) (minha|nossa) vida|(estou|estamos|esta) em perigo",
            "(mulher|alguem|pessoa|menina) (gritando|a gritar|a pedir|pedindo) [por] [(socorro|ajuda)]",
        ],
        unless: &[
            "(roubou|roubaram) (o|meu|nosso) coracao",
            "(mosquitos|precos|preco|percevejos|formigas|insetos|pernilongos)",
            "(trazer|traga|tem|podia*|pode*|emprestar) ~3 (faca|facas)",
            "(garfo e faca|faca e garfo|esquadra|boletim|filme|sessao de fotos)",
        ],
    },
    Block {
        lang: "pt",
        kind: AlarmKind::Trapped,
        says: &[
            "(preso|presa|presos|presas|trancado|trancada|trancados|trancadas|fechado|fechada|fechados) ~2 (no|na|dentro do|dentro da) (elevador|ascensor|banheiro|casa de banho|varanda|sauna|quarto|terraco|escada|escadas|garagem|telhado|ginasio)",
            "(elevador|ascensor) ~4 (parou|parado|preso|avariado|travou|travado) ~4 (dentro|conosco|comigo|com (gente|pessoas)|estamos|estou|presos|entre)",
            "nao (consigo|conseguimos|posso) sair (do|da) (elevador|banheiro|casa de banho|varanda|quarto|sauna)",
        ],
        unless: &[
            "(chave|chaves|cartao|mala|malas|bagagem|celular|telemovel) ~3 (pres*|trancad*|dentro|fechad*)",
        ],
    },
    Block {
        lang: "pt",
        kind: AlarmKind::Missing,
        says: &[
            "(nao (encontro|encontramos|acho|achamos)|perdi|perdemos|procuro|desapareceu|sumiu) [(o|a|os)] (meu|minha|nosso|nossa|meus) (filho|filha|filhos|crianca|bebe|neto|neta|menino|menina)",
            "(meu|minha|nosso|nossa) (filho|filha|crianca|bebe|neto|neta|menino|menina) ~3 (desapareceu|sumiu|perdeu se|perdido|perdida|desaparecido|desaparecida|se perdeu)",
            "(crianca|menino|menina) (perdida|perdido|desaparecida|desaparecido)",
        ],
        unless: &["(brinquedo|boneca|mochila|casaco|telemovel|celular|tablet|sapato|sapatos|oculos|chupeta)"],
    },
    Block {
        lang: "pt",
        kind: AlarmKind::Distress,
        says: &[
            "(e|isto e|isso e|temos|tenho|ha) uma emergencia",
            "=[(por favor|ajuda|e uma)] emergencia [(por favor|ajuda)]",
            "=[por favor] socorro [(socorro|ajuda|por favor|me ajudem|ajudem me)] [socorro]",
            "(pedir|pedindo|pede) socorro|alguem (me|nos) (ajude|ajuda)",
            "(ligue|liguem|chame|liga|ligar) [(para|o|pro)] [o] (112|911|190|192|193)",
            "(ajudem|ajuda|socorro) ~4 (morrendo|a morrer|sangue|perigo|matar|rapido|urgente)",
        ],
        unless: &[
            "(saida|saidas|telefone|numero|contacto|contato|escada|luz|botao|kit|plano) de emergencia",
            "nao e [(uma)] emergencia|emergencia familiar|caso de emergencia",
        ],
    },
];
