package inbound

import (
	"regexp"
	"strings"
	"unicode"
)

// ReplyMarks are the lines that a desk's own letters begin with, one a language: what stands below one is quoted.
var ReplyMarks = []string{"Répondez au-dessus de cette ligne", "Please reply above this line"}

// kind of a label in the head of a quoted mail.
type label int

const (
	noLabel label = iota
	labelFrom
	labelSent
	labelTo
	labelCopy
	labelSubject
	labelOther
)

// labels are what mail programs write before the fields of a mail that they quote, in the languages of Europe.
var labels = func() map[string]label {
	all := map[string]label{}
	for kind, words := range map[label]string{
		labelFrom:    "from|de|von|da|van|od|från|fra|expéditeur|absender|mittente|remitente|afzender|nadawca|lähettäjä|feladó",
		labelSent:    "sent|date|envoyé|envoyé le|gesendet|gesendet am|datum|inviato|data|verzonden|enviado|enviado el|enviada em|enviado em|fecha|skickat|sendt|dato|wysłano|odesláno|date d'envoi|data invio|lähetetty",
		labelTo:      "to|à|a|pour|an|aan|para|per|til|till|do|komu|destinataire|destinataires|empfänger|destinatario|vastaanottaja|recipients",
		labelCopy:    "cc|cci|bcc|copie|copie à|kopie|copia|kopia|dw|kopi",
		labelSubject: "subject|objet|sujet|betreff|oggetto|asunto|onderwerp|assunto|emne|ämne|temat|předmět|aihe|tárgy",
		labelOther:   "reply-to|répondre à|antwort an|importance|priorité|attachments|pièces jointes|anlagen|organisation|organization|priority|wichtigkeit",
	} {
		for _, w := range strings.Split(words, "|") {
			all[w] = kind
		}
	}
	return all
}()

var labelled = regexp.MustCompile(`^[*_]{0,2}\s*(\p{L}[\p{L}' -]{0,24}?)\s*[*_]{0,2}\s*[:：]\s*[*_]{0,2}\s*(.*)$`)

// labelOf reads a line as a field of a quoted head.
func labelOf(text string) (label, string) {
	if len(text) > maxPhrase || !strings.ContainsAny(text[:min(len(text), 80)], ":：") {
		return noLabel, ""
	}
	m := labelled.FindStringSubmatch(plain(text))
	if m == nil {
		return noLabel, ""
	}
	return labels[strings.ToLower(m[1])], strings.TrimRight(m[2], " *")
}

// plain is a text for matching: one kind of space, one kind of apostrophe, nothing invisible.
func plain(text string) string {
	text = strings.Map(func(c rune) rune {
		switch {
		case unicode.IsSpace(c):
			return ' '
		case c == '’' || c == '‘':
			return '\''
		case unicode.Is(unicode.Cf, c):
			return -1
		}
		return c
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

var (
	wrote = regexp.MustCompile(`(?i)(^|[ >)"'])(wrote|writes|a écrit|écrivait|a envoyé|schrieb|ha scritto|scrive|escribió|escreveu|schreef|skrev|napisał|napisała|napisał\(a\)|kirjoitti|napsal|napsala|geschrieben|ecrit|pisze|пишет|написал|написала|wrote|írta)( |:|$)|写道|寫道|작성|のメッセージ`)
	day   = regexp.MustCompile(`\d{1,4}[./ -]|\d{1,2}:\d{2}`)
	began = regexp.MustCompile(`(?i)^(on|le|am|il|el|em|op|den|dnia|w dniu|in data|in a message dated|a) |^在`)

	// dashed is the same line as Zoho and Notes frame it.
	dashed = regexp.MustCompile(`(?i)^-{2,} ?(.*[@\d].* (wrote|a écrit|schrieb|escribió|ha scritto|escreveu)) ?:? ?-{2,}$`)

	// oldGmail is how Gmail began a quotation where it did not know the language's verb.
	oldGmail = regexp.MustCompile(`^\d{4}[-/]\d{1,2}[-/]\d{1,2}.*<[^>]+@[^>]+>:?$`)

	dateOnly = regexp.MustCompile(`(?i)^[* _]*(date|datum|data|fecha|dato)\b`)

	// framed is a title between dashes, in any language.
	framed = regexp.MustCompile(`^[-_=*]{3,} ?[^-_=*]{3,60} ?[-_=*]{3,}$`)

	original = regexp.MustCompile(`(?i)^[-_=* ]{2,}(original message|message d'origine|message original|message initial|message précédent|ursprüngliche nachricht|ursprüngliche e-mail|original-nachricht|originalnachricht|originalmeldung|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|oprindelig meddelelse|oprindelig besked|opprinnelig melding|alkuperäinen viesti|исходное сообщение|ursprungligt meddelande|wiadomość oryginalna|original appointment|rendez-vous d'origine|original email|reply message|message de réponse)[-_=* :]*$`)

	handed    = regexp.MustCompile(`(?i)^(-{2,}|_{2,}|={2,}|\*{2,})? ?[\p{L}' -]*(forwarded|transféré|réexpédié|transmis|fait suivre|weitergeleitete|reenviado|inoltrato|doorgestuurd|encaminhada|vidarebefordrat|videresendt|przekazana|przesłana|välitetty)[\p{L}' -]*( by .{0,60}| par .{0,60})?( ?-{2,}| ?_{2,}| ?={2,}| ?\*{2,})? ?:?$`)
	separates = regexp.MustCompile(`^[-_=*]{2,}|[-_=*]{2,}$|:$`)

	webLink = regexp.MustCompile(`<https?://[^>]*>`)
	device  = regexp.MustCompile(`(?i)^[-_ ]*(provenance : .{1,60}|(envoyée?|sent|gesendet|inviato|enviado|verzonden|verstuurd|skickat|sendt|wysłane|wysłano|lähetetty|отправлено)( .{0,40})? (my|mon|ma|mein(em)?|mio|mi|meu|mijn|min|l'app(lication)?|app|from|depuis|via|von|da|desde|van|vanaf|från|fra|z|min|с|à partir d[eu']|de|mit|avec|with|using)( .{0,30})?[ ']?(iphone|ipad|ios|android|galaxy|samsung|huawei|xiaomi|smartphone|mobile|téléphone|portable|appareil|blackberry|outlook|mail|courrier|windows|proton|orange|laposte|free|phone|handy|tablet|tablette|spark|thunderbird|airmail|mailbox)(.{0,60})?|(get|obtene[rz]|obtén|ottieni|laden sie|holen sie sich|scarica|descarga|téléchargez|télécharger) outlook .{1,60}|von meinem .{1,50} gesendet|gesendet (von|mit) .{1,50}|.{0,30}(message|e-?mail) (was|has been) sent from my .{1,40}|(ce|cet) (message|e-?mail|courriel) a été envoyé depuis (mon|un|ma) .{1,40})\.?$`)
)

// isWrote says whether a text is the line before a quotation, who wrote and when. certain is false when it takes the
// quotation's own marks to be sure.
func isWrote(text string) (is, certain bool) {
	text = plain(text)
	if len(text) > 300 || text == "" {
		return false, false
	}
	if oldGmail.MatchString(text) || dashed.MatchString(text) {
		return true, true
	}
	at := wrote.FindStringIndex(text)
	if at == nil || !endsOpen(text) {
		return false, false
	}
	named, dated := strings.Contains(text, "@"), day.MatchString(text)
	return true, dated && (named || began.MatchString(text))
}

// endsOpen says whether a line ends in a colon, of any script.
func endsOpen(text string) bool {
	return strings.HasSuffix(text, ":") || strings.HasSuffix(text, "：")
}

func isReplyMark(text string) bool {
	if len(text) > 200 || !strings.Contains(text, "lig") && !strings.Contains(text, "lin") {
		return false
	}
	text = strings.ToLower(plain(text))
	for _, m := range ReplyMarks {
		if strings.Contains(text, strings.ToLower(m)) && len(text) < len(m)+60 {
			return true
		}
	}
	return false
}

// maxPhrase bounds what is matched, in bytes: what programs write is short.
const maxPhrase = 1000

// ruleLike says whether a line begins as titles between dashes do.
func ruleLike(text string) bool {
	return len(text) >= 5 && len(text) < 200 && strings.ContainsRune("-_=*", rune(text[0])) && strings.ContainsRune("-_=*", rune(text[1]))
}

func isOriginal(text string) bool { return ruleLike(text) && original.MatchString(plain(text)) }

func isFramed(text string) bool { return ruleLike(text) && framed.MatchString(plain(text)) }

func isHanded(text string) bool {
	if len(text) > 200 || !ruleLike(text) && !endsOpen(text) {
		return false
	}
	text = plain(text)
	return separates.MatchString(text) && handed.MatchString(text)
}

// isDevice tells the advertisement of a phone or an app from what a person signs with.
func isDevice(text string) bool {
	if len(text) > maxPhrase {
		return false
	}
	text = plain(text)
	text = plain(webLink.ReplaceAllString(text, " "))
	return len(text) < 160 && device.MatchString(text)
}

// Subject prefixes, in many languages and with the counters and spaces that clients add.
var (
	tags   = regexp.MustCompile(`^(\[[^\]]{0,60}\]|\*{2,}[^*]{0,60}\*{2,}|\([^)]{0,20}\))\s*`)
	prefix = regexp.MustCompile(`(?i)^(re|ré|rép|réf|aw|antw|sv|res|rif|odp|ynt|vá|r|fw|fwd|tr|wg|rv|i|enc|doorst|pd|vl|vb|vs|ilt|inoltro|transfert)(?:\[\d+\]|\(\d+\)|\^\d+)?\s?:`)
)

// subjectSays tells what the outermost prefix of a subject makes of a mail. VS is an answer to Finns and a hand-on to
// Danes; the body tells those apart.
func subjectSays(subject string) (handsOn, answers bool) {
	subject = plain(subject)
	for tags.MatchString(subject) {
		subject = tags.ReplaceAllString(subject, "")
	}
	m := prefix.FindStringSubmatch(subject)
	if m == nil {
		return false, false
	}
	switch strings.ToLower(m[1]) {
	case "fw", "fwd", "tr", "wg", "rv", "i", "enc", "doorst", "pd", "vl", "vb", "ilt", "inoltro", "transfert":
		return true, false
	}
	return false, true
}
