//! The words around a confirmation number and a name, in the languages guests write in; it must hold data alone.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Folded words, read from a list with white space between them.
pub type Words = LazyLock<HashSet<&'static str>>;

fn list(text: &'static str) -> HashSet<&'static str> {
    text.split_whitespace().collect()
}

/// Words that announce a confirmation number, within a few words of it.
pub static BOOKING: Words = LazyLock::new(|| {
    list(
        "
        booking reservation confirmation confirm conf ref reference locator pnr itinerary number no code
        id res reserva reservacion confirmacion localizador referencia codigo numero num nro confirmacao
        prenotazione conferma codice riferimento dossier resa buchung buchungsnummer reservierung
        reservierungsnummer bestatigung bestatigungsnummer nummer nr reservering reserveringsnummer
        boeking boekingsnummer rezerwacja rezerwacji 予約番号",
    )
});

/// Words that say the number beside them is something else: a room, a telephone, a flight, a car, a price, a parcel.
pub static OTHER_NUMBER: Words = LazyLock::new(|| {
    list(
        "
        room rooms rm suite apartment apt floor habitacion hab cuarto piso planta chambre etage zimmer
        camera stanza quarto andar kamer pokoj phone tel telephone mobile cell call ring whatsapp text sms
        extension ext dial telefono movil celular llamame llamar llama portable handy telefon cellulare
        telefone telemovel ligar flight flights gate terminal train bus line seat vuelo puerta tren
        autobus vol flug zug volo treno voo comboio autocarro car plate plates licence license
        registration vehicle coche carro matricula patente voiture auto macchina targa parcel package
        tracking paquete zip postcode postal street avenue calle password passcode pin wifi door safe
        locker contrasena clave invoice factura rechnung fattura fatura card tarjeta passport pasaporte
        visa dni costs cost price total pay paid charged charge bill precio pagar year years ano anos",
    )
});

/// Words before three or four digits that make them a time, a year or an amount.
pub static TIME_BEFORE: Words = LazyLock::new(|| {
    list(
        "
        at from until till by around about before after since las desde hasta sobre vers um gegen bis ab
        alle dalle verso as ate rond tot approx circa",
    )
});

/// What a number counts or measures when it stands right before it, or is glued to it.
pub static UNITS: Words = LazyLock::new(|| {
    list(
        "
        am pm a p h hs hr hrs hours uhr min mins minutes st nd rd th eur euro euros usd gbp dollars pounds
        bucks kg km m cm mm ml l g x k pax people persons guests personas adults nights noches towels
        toallas pcs c f mb gb mbps w v percent degrees meters metres miles steps times january february
        march april may june july august september october november december jan feb mar apr jun jul aug
        sep sept oct nov dec enero febrero marzo abril mayo junio julio agosto septiembre octubre
        noviembre diciembre",
    )
});

/// Words that announce a name, longest first, with bars between. A name follows whatever its case.
pub const NAME_IS: &str = "
    under the name of | in the name of | under the name | last name is | last name's | last name
    | family name is | family name | surname is | surname's | surname | my name is | my name's | the name is
    | the name's | name is | name's | guest name | booked by | under | name | a nombre de | al nombre de
    | en nombre de | mi nombre es | el nombre es | mi apellido es | el apellido es | apellidos | apellido
    | me llamo | nombre | au nom de | mon nom est | nom de famille | je m'appelle | je suis | nom
    | auf den namen | auf dem namen | mein name ist | nachname ist | nachname | ich heisse | unter
    | a nome di | a nome | mi chiamo | il cognome e | cognome | em nome de | no nome de | meu nome e
    | chamo me | sobrenome | apelido | nome | op naam van | achternaam
";

/// Words that often stand before a name and oftener before something else ("I'm waiting"): the name must then have a
/// capital letter.
pub const NAME_PERHAPS: &str = "i am | i'm | im | this is | it's | it is | its | soy | ich bin | sono | sou";

/// Words that belong to no name: they end one, and are left out where a name is looked for.
pub static FILLER: Words = LazyLock::new(|| {
    list(
        "
        hi hello hey good morning afternoon evening dear sir madam please pls thanks thank you ok okay yes
        yeah sure sorry oh ah here is are was it its it's that's the my our your a an and or with for of
        on in to i i'm im am me we us this that these have has got so just should be as follows mine guest
        name names name's surname last first family details under by booked hola buenas buenos dias tardes
        noches gracias favor por si mi nuestra el es un una y con para soy esta este son aqui tiene nombre
        apellido apellidos tengo claro vale perdon al en lo mis los las datos bonjour bonsoir merci svp
        oui voici mon ma le les et est c'est nom au je suis hallo guten tag morgen abend danke bitte ja
        hier meine mein die der das ist lautet und ich bin auf namen nachname ciao buongiorno buonasera
        grazie ecco mia mio il e sono nome cognome ola bom dia boa tarde noite obrigado obrigada sim minha
        meu o eu sou em no nummer です と申します はい",
    )
});

/// Small words inside surnames: after a word that announces a name they are part of it.
pub static PARTICLES: Words = LazyLock::new(|| {
    list(
        "
        de del la las los da das do dos di du des le van von der den ter ten zu al el bin ibn ben mac mc
        st san",
    )
});

/// Everyday words of a hotel: a short message with one of them is a request or an answer, not a name.
pub static ORDINARY: Words = LazyLock::new(|| {
    list(
        "
        towel towels pillow pillows blanket water coffee tea breakfast lunch dinner food menu sandwich
        wine beer room service cleaning clean bed key keys bill wifi password pool gym spa parking taxi
        airport luggage bag bags check checkout out late early time today tonight tomorrow now later when
        what where who why how much many can could would will do does did don't dont can't not no need
        want like get send bring give tell know help wait waiting stop cancel change more extra another
        some any two three four one great perfect fine cool nice wrong right correct broken cold hot there
        they human person staff reception manager forgot lost find found order arrive arriving leave
        leaving stay staying night nights really still ready done same too also but if because about up
        see go come coming hotel card email phone didn't haven't isn't doesn't dunno idea remember never
        mind nothing something hungry tired angry sick back home toalla toallas almohada almohadas manta
        agua cafe desayuno comida cena habitacion limpieza cama llave cuenta factura piscina gimnasio
        aparcamiento maleta maletas hora hoy manana ahora luego cuando que donde quien como cuanto puedo
        puede pueden quiero quisiera necesito dame ayuda espera mas otra otro dos tres bien mal perfecto
        genial persona recepcion hay ya tambien pero porque nada algo frio serviette serviettes eau
        chambre petit dejeuner combien quand ou comment pas non voudrais peux pouvez handtuch handtucher
        wasser zimmer fruhstuck wann wo wie viel kann konnen mochte brauche nicht kein nein asciugamani
        acqua camera colazione quando dove quanto vorrei posso toalhas quarto queria preciso nao",
    )
});
