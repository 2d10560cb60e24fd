//! The words by which quotes and footers are known, language by language; it must hold data alone.

use std::sync::LazyLock;

/// Words, beginnings of words or phrases in small letters, read from a list with commas between them.
pub(super) type Words = LazyLock<Vec<&'static str>>;

fn list(text: &'static str) -> Vec<&'static str> {
    text.split(',').map(str::trim).filter(|word| !word.is_empty()).collect()
}

/// What an attribution begins with, before the date: "On", "Le", "Am", "W dniu" …
pub(super) static LEADS: Words =
    LazyLock::new(|| list("on, el, le, am, il, em, op, den, på, pe, la, w, dnia, dne, vào, в, на, στις"));

/// "wrote", as mail programs say it.
pub(super) static WROTE: Words = LazyLock::new(|| {
    list(
        "
        wrote, writes, sent, escribió, escribio, écrit, ecrit, schrieb, geschrieben, scritto, scrive, escreveu,
        schreef, geschreven, skrev, kirjoitti, napisał, napisała, pisze, napsal, napsala, napísal, написал,
        написала, пишет, написав, написа, írta, scris, viết, yazdı, έγραψε, escriure, 写道, 寫道, 작성",
    )
});

/// Words of somebody who tells of a letter: a mail program's attribution has names only.
pub(super) static TELLERS: Words = LazyLock::new(|| {
    list(
        "
        i, we, he, she, they, you, my, our, your, his, her, ich, wir, mein, meine, unser, unsere, ihr, ihre, euer,
        eure, sie, je, nous, vous, mon, ma, notre, votre, yo, nosotros, mi, nuestro, nuestra, su, usted, io, noi,
        mio, mia, nostro, nostra, vostro, vostra, suo, eu, nós, meu, minha, nosso, nossa, seu, sua, você, ik, wij,
        mijn, onze, uw, jullie",
    )
});

/// Which field of a message's head a label names.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    From,
    To,
    Date,
    Subject,
    Copy,
}

/// The labels of a message's head as mail programs write them above a quoted message.
pub(super) static LABELS: LazyLock<[(Label, Vec<&'static str>); 5]> = LazyLock::new(|| {
    [
        (Label::From, list("from, de, von, da, van, från, fra, od, lähettäjä, от, від, feladó, kimden, από")),
        (
            Label::Date,
            list(
                "
                sent, date, date sent, fecha, enviado, enviado el, enviado em, enviada, enviada em, data, envoyé,
                date d'envoi, gesendet, gesendet am, datum, inviato, data invio, verzonden, skickat, sendt, dato,
                wysłano, wysłane, lähetetty, päivämäärä, отправлено, дата",
            ),
        ),
        (Label::To, list("to, para, à, a, an, per, aan, till, til, do, vastaanottaja, кому, címzett")),
        (
            Label::Subject,
            list("subject, asunto, objet, betreff, oggetto, assunto, onderwerp, ämne, emne, temat, aihe, тема"),
        ),
        (
            Label::Copy,
            list("cc, bcc, cco, cci, copia, copie, kopie, cópia, kopia, kopi, reply-to, antwort an, importance"),
        ),
    ]
});

/// A message, as the marker above a quoted one names it.
pub(super) static MESSAGE: Words = LazyLock::new(|| {
    list(
        "
        message, mail, email, mensaje, correo, courriel, nachricht, messaggio, mensagem, bericht, meddelelse,
        meddelande, melding, wiadomość, viesti, сообщение, письмо",
    )
});

/// How words begin that say of a message that it was there before: original, sent on, replied to.
pub(super) static EARLIER: Words = LazyLock::new(|| {
    list(
        "
        origin, forward, reply, reenvi, respon, réexp, transf, transm, ursprüng, weitergeleit, antwort, inoltr,
        rispost, encaminh, reencaminh, oorspronk, doorgestuur, oprind, opprinn, ursprung, videresend, vidarebefor,
        oryginaln, przekaz, alkuper, исходн, пересла, пересы",
    )
});

/// How an announcement begins of a mail that is passed on.
pub(super) static BEGIN: Words = LazyLock::new(|| list("begin, inicio, début, anfang, inizio, início"));

/// "Sent", as the footer of a device begins.
pub(super) static SENT: Words = LazyLock::new(|| {
    list(
        "
        sent, enviado, enviada, envoyé, gesendet, inviato, inviata, verzonden, verstuurd, skickat, sendt, wysłane,
        wysłano, lähetetty, отправлено",
    )
});

/// "from" or "with", right behind it.
pub(super) static WITH: Words = LazyLock::new(|| {
    list(
        "
        from, with, via, using, desde, con, de, depuis, avec, à, von, vom, mit, aus, da, dal, tramite, do, pelo,
        com, vanaf, met, från, fra, med, z, с, через",
    )
});

/// What a mail is written on or with.
pub(super) static DEVICES: Words = LazyLock::new(|| {
    list(
        "
        iphone, ipad, ipod, ios, android, blackberry, samsung, galaxy, huawei, xiaomi, oneplus, pixel, nokia,
        motorola, xperia, windows, outlook, gmail, yahoo, gmx, hotmail, aol, proton, protonmail, spark, sparrow,
        acompli, thunderbird, phone, smartphone, mobile, cellphone, tablet, device, móvil, teléfono, tableta,
        dispositivo, telemóvel, celular, cellulare, telefono, handy, mobiltelefon, telefon, mobil, telefoon,
        mobiele, téléphone, portable, tablette",
    )
});

/// What a disclaimer is about: the mail itself.
pub(super) static THIS_MAIL: Words = LazyLock::new(|| {
    list(
        "
        this e-mail, this email, this message, this transmission, this communication, attachments,
        este correo, este mensaje, ce message, ce courriel, cet e-mail, cet email, diese e-mail, diese nachricht,
        dieser e-mail, dieser nachricht, questo messaggio, questa e-mail, questa comunicazione, esta mensagem,
        este e-mail, este email, dit bericht, deze e-mail, dit e-mailbericht",
    )
});

/// That it is secret (beginnings of words).
pub(super) static SECRET: Words = LazyLock::new(|| {
    list(
        "confidential, privileged, confidencial, confidentiel, vertraulich, riservat, vertrouwelijk, sigilos",
    )
});

/// For whom it is.
pub(super) static ADDRESSEE: Words = LazyLock::new(|| {
    list(
        "
        intended recipient, intended for, intended solely, named recipient, addressee, destinatario, destinataire,
        adressat, empfänger, bestimmt, destinatário, geadresseerde, ontvanger, bestemd",
    )
});

/// What others must do or leave.
pub(super) static DUTY: Words = LazyLock::new(|| {
    list(
        "
        in error, by mistake, unauthori, prohibited, disclos, delete, por error, prohibid, elimin, borre,
        par erreur, interdit, détrui, supprim, irrtümlich, versehentlich, unbefugt, löschen, vernichten,
        nicht gestattet, per errore, vietat, cancell, por engano, por erro, proibid, apag, abusievelijk,
        per ongeluk, verboden, verwijder, vernietig",
    )
});

/// Words by which a paragraph speaks for one person: no disclaimer does.
pub(super) static PERSONAL: Words = LazyLock::new(|| {
    list(
        "
        my, me, i'm, i've, yo, mi, mis, je, j'ai, moi, mon, ma, mes, ich, mir, mich, mein, meine, meinen, meiner,
        io, mio, mia, eu, meu, minha, ik, mij, mijn",
    )
});

/// Words that make an "i" the English one, for in Italian it is an article.
pub(super) static ENGLISH: Words = LazyLock::new(|| list("the, this, you, your"));

/// A plea not to print a mail names nature …
pub(super) static NATURE: Words = LazyLock::new(|| {
    list("environment, medio ambiente, medioambiente, environnement, planète, umwelt, ambiente, milieu")
});

/// … and paper (beginnings of words).
pub(super) static PRINT: Words = LazyLock::new(|| list("print, imprim, druck, stamp, afdruk"));

/// What a virus scanner says of itself.
pub(super) static SCANNED: Words = LazyLock::new(|| list("avast, avg, scanned, checked, geprüft"));

/// What the footer of a mailing list names.
pub(super) static MAILING_LIST: Words =
    LazyLock::new(|| list("mailing list, unsubscribe, listinfo, mailman"));

/// What says that a phone number follows.
pub(super) static PHONES: Words = LazyLock::new(|| {
    list(
        "
        t, m, p, f, tel, ph, phone, telephone, mob, mobile, cell, fax, teléfono, tél, téléphone, portable, telefon,
        handy, mobil, telefono, cellulare, cell, tlm, telemóvel, telefoon, mobiel",
    )
});

/// A word of a closing formula, which stands on a line with a few words more at most.
pub(super) static CLOSINGS: Words = LazyLock::new(|| {
    list(
        "
        regards, sincerely, wishes, faithfully, cheers, saludos, saludo, atentamente, cordialmente, cordialement,
        salutations, grüße, grüßen, gruß, grüssen, hochachtungsvoll, saluti, cumprimentos, atenciosamente,
        abraços, groet, groeten, hoogachtend",
    )
});
