package demo

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"regexp"
	"strconv"
)

//go:embed mailsink.html
var mailHTML string

var mailPages = template.Must(template.New("").Funcs(template.FuncMap{"links": splitLinks}).Parse(mailHTML))

// mailWords are the pages' in one language.
type mailWords struct {
	Lang, Title, None, From, To, Subject, Received, Back, Headers, Text, HTML, Raw, Attachments, Bytes string
	Answer, Send, Answered, Empty                                                                      string
}

var mailCopy = []mailWords{{
	Lang: "fr", Title: "Messages envoyés", None: "Aucun message pour l’instant.",
	From: "De", To: "À", Subject: "Objet", Received: "Reçu", Back: "Tous les messages",
	Headers: "En-têtes", Text: "Texte", HTML: "Version HTML", Raw: "Télécharger le message d’origine",
	Attachments: "Pièces jointes", Bytes: "octets",
	Answer: "Répondre, comme le destinataire", Send: "Envoyer", Answered: "Réponse envoyée : le portail la lit dans les secondes qui viennent.", Empty: "Écrivez une réponse.",
}, {
	Lang: "en", Title: "Messages sent", None: "No message yet.",
	From: "From", To: "To", Subject: "Subject", Received: "Received", Back: "All messages",
	Headers: "Headers", Text: "Text", HTML: "HTML version", Raw: "Download the original message",
	Attachments: "Attachments", Bytes: "bytes",
	Answer: "Answer, as its recipient", Send: "Send", Answered: "Answer sent: the portal reads it within seconds.", Empty: "Write an answer.",
}}

// mailPage is what the templates show.
type mailPage struct {
	mailWords
	Messages []Message
	Message  Message
	Door     string // where an answer is handed over; "" offers none
	Typed    string
	Failed   string
	Done     bool
}

// ServeHTTP shows what was received: pages for people from /mail/ on, and
// /mail/messages.json, newest first, for programs.
func (s *MailSink) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.pages.ServeHTTP(w, r) }

func (s *MailSink) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /mail/{$}", s.showAll)
	mux.HandleFunc("GET /mail/messages.json", s.listAll)
	mux.HandleFunc("GET /mail/dev.css", serveStyle)
	mux.HandleFunc("GET /mail/{id}", s.each(s.showMessage))
	mux.HandleFunc("POST /mail/{id}", s.each(s.answer))
	mux.HandleFunc("GET /mail/{id}/html", s.each(serveHTMLPart))
	mux.HandleFunc("GET /mail/{id}/raw", s.each(serveRaw))
	return mux
}

func (s *MailSink) showAll(w http.ResponseWriter, r *http.Request) {
	renderMail(w, http.StatusOK, "all", mailPage{mailWords: mailCopy[readerLanguage(r)], Messages: s.Messages()})
}

func (s *MailSink) listAll(w http.ResponseWriter, _ *http.Request) {
	all := s.Messages()
	if all == nil {
		all = []Message{} // an empty list, not null
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(all); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// each finds the message that an address names.
func (s *MailSink) each(show func(http.ResponseWriter, *http.Request, Message)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id, err := strconv.Atoi(r.PathValue("id"))
		m, ok := s.find(id)
		if err != nil || !ok {
			http.NotFound(w, r)
			return
		}
		show(w, r, m)
	}
}

func (s *MailSink) showMessage(w http.ResponseWriter, r *http.Request, m Message) {
	renderMail(w, http.StatusOK, "one", mailPage{mailWords: mailCopy[readerLanguage(r)], Message: m, Door: s.answers(), Done: r.URL.Query().Has("answered")})
}

// serveHTMLPart is for the frame of showMessage: a mail may carry anything, so
// it may run nothing and fetch nothing.
func serveHTMLPart(w http.ResponseWriter, _ *http.Request, m Message) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:")
	fmt.Fprint(w, m.HTML)
}

func serveRaw(w http.ResponseWriter, _ *http.Request, m Message) {
	w.Header().Set("Content-Type", "message/rfc822")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%d.eml"`, m.ID))
	w.Write(m.raw)
}

func renderMail(w http.ResponseWriter, status int, name string, page mailPage) {
	var out bytes.Buffer
	if err := mailPages.ExecuteTemplate(&out, name, page); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'")
	w.WriteHeader(status)
	w.Write(out.Bytes())
}

// textPiece is a run of text, or an address within it.
type textPiece struct {
	Text string
	Link bool
}

var webAddress = regexp.MustCompile(`https?://[^\s<>"]*[^\s<>".,;:!?)]`)

// splitLinks finds the addresses in a text, so that they can be followed.
func splitLinks(text string) []textPiece {
	var pieces []textPiece
	from := 0
	for _, at := range webAddress.FindAllStringIndex(text, -1) {
		pieces = append(pieces, textPiece{Text: text[from:at[0]]}, textPiece{Text: text[at[0]:at[1]], Link: true})
		from = at[1]
	}
	return append(pieces, textPiece{Text: text[from:]})
}
