package server

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/web/page"
)

func (s *Server) mailRoutes(r chi.Router) {
	r.Get("/{desk}/tickets/{number}/messages/{message}/mail", s.signedIn(s.mailSent))
	r.Get("/{desk}/tickets/{number}/messages/{message}/html", s.signedIn(s.mailFrame))
	r.Get("/{desk}/tickets/{number}/messages/{message}/original", s.signedIn(s.originalMessage))
	r.Get("/{desk}/quarantine", s.signedIn(s.quarantine))
	r.Get("/{desk}/quarantine/{mail}", s.signedIn(s.waitingMail))
	r.Get("/{desk}/quarantine/{mail}/original", s.signedIn(s.originalMail))
	r.Post("/{desk}/quarantine/{mail}/ticket", s.signedIn(s.mailToTicket))
	r.Post("/{desk}/quarantine/{mail}/attachment", s.signedIn(s.mailOntoTicket))
	r.Post("/{desk}/quarantine/{mail}/removal", s.signedIn(s.dropMail))
	// One press in a mail program comes from its maker's servers, many from one address.
	r.Get("/{desk}/letters/{token}", s.at(s.lettersToStop))
	r.With(s.limit(300, time.Minute)).Post("/{desk}/letters/{token}", s.at(s.stopLetters))
	r.Get("/{desk}/settings/letters", s.signedIn(s.letters))
	r.Get("/{desk}/settings/letters/{kind}", s.signedIn(s.letter))
	r.Post("/{desk}/settings/letters/{kind}", s.signedIn(s.saveLetter))
	r.Get("/{desk}/settings/sender", s.signedIn(s.sender))
	r.Post("/{desk}/settings/sender", s.signedIn(s.saveSender))
	r.Post("/{desk}/settings/sender/check", s.signedIn(s.checkSender))
	r.Post("/{desk}/settings/people/{person}/address", s.signedIn(s.trustAddress))
	r.Get("/{desk}/settings/mail", s.signedIn(s.mailSettings))
	r.Post("/{desk}/settings/mail", s.signedIn(s.saveMailSettings))
	r.Post("/{desk}/settings/mail/check", s.signedIn(s.tryMailbox))
}

func mailed(r *http.Request) (number int64, message desk.ID, remote bool, err error) {
	if number, err = ticketNumber(r); err == nil {
		message, err = desk.ParseID(chi.URLParam(r, "message"))
	}
	return number, message, r.URL.Query().Get("images") == "1", err
}

// mailSent is the page around a mail as it was sent. It alone may have a frame.
func (s *Server) mailSent(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, message, remote, err := mailed(r)
	if err != nil {
		return err
	}
	sent, err := s.app.MailAsSent(r.Context(), who, number, message, remote)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", policy+"; frame-src 'self'")
	return s.render(w, r, http.StatusOK, page.MailSent(s.frame(r, who, "tickets"), sent, remote))
}

// What a mail in its frame may do: be looked at. Its links open beside the portal;
// pictures from elsewhere come when they were asked for. The mail is cleaned besides:
// each wall would hold alone.
const (
	mailPolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; " +
		"sandbox allow-popups allow-popups-to-escape-sandbox; img-src data:"
	mailHead = `<!doctype html><html><head><meta charset="utf-8"><base target="_blank"><style>body{font:16px/1.5 sans-serif;margin:1rem;background:#fff;color:#111;overflow-wrap:anywhere}img{max-width:100%;height:auto}</style></head><body>`
)

// mailFrame is the mail itself.
func (s *Server) mailFrame(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, message, remote, err := mailed(r)
	if err != nil {
		return err
	}
	sent, err := s.app.MailAsSent(r.Context(), who, number, message, remote)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Security-Policy", mailPolicy)
	if remote {
		h.Set("Content-Security-Policy", mailPolicy+" https:")
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "private, no-store")
	_, _ = io.WriteString(w, mailHead+sent.HTML+"</body></html>") // the reader hung up: nobody is left to tell
	return nil
}

func (s *Server) originalMessage(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, message, _, err := mailed(r)
	if err != nil {
		return err
	}
	raw, m, err := s.app.OriginalMessage(r.Context(), who, number, message)
	return sendRaw(w, raw, m, err)
}

func (s *Server) originalMail(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := desk.ParseID(chi.URLParam(r, "mail"))
	if err != nil {
		return err
	}
	raw, m, err := s.app.OriginalMail(r.Context(), who, id)
	return sendRaw(w, raw, m, err)
}

// sendRaw sends a mail as it came, to be kept and never shown.
func sendRaw(w http.ResponseWriter, raw io.ReadSeekCloser, m desk.Mail, err error) error {
	if err != nil {
		return err
	}
	defer raw.Close() //nolint:errcheck // it was only read
	asFile(w, "mail-"+m.ID.String()+".eml", "text/plain; charset=utf-8")
	w.Header().Set("Content-Length", strconv.FormatInt(m.Bytes, 10))
	_, _ = io.Copy(pour(w), raw) // the reader hung up: nobody is left to tell
	return nil
}

func (s *Server) quarantine(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	m := page.Mails{State: desk.MailState(r.URL.Query().Get("state"))}
	if m.State == "" {
		m.State = desk.MailQuarantined
	}
	before, err := desk.ParseID(r.URL.Query().Get("before"))
	if err != nil {
		before = desk.Nobody
	}
	if m.List, m.Next, err = s.app.Mails(r.Context(), who, m.State, before); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Quarantine(s.frame(r, who, "queue"), m))
}

func (s *Server) waitingMail(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.drawMail(w, r, who, http.StatusOK, func(f *page.LetInForm) {
		if draft, ok := s.takeDraft(r); ok {
			f.Customer, f.Number, f.Agreed = draft.Get("customer"), draft.Get("number"), draft.Get("agreed") == "on"
		}
	})
}

// drawMail shows a mail that waits with the customers that its form offers.
func (s *Server) drawMail(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, fill func(*page.LetInForm)) error {
	id, err := desk.ParseID(chi.URLParam(r, "mail"))
	if err != nil {
		return err
	}
	f := page.LetInForm{Find: r.URL.Query().Get("q")}
	if f.MailRead, err = s.app.ReadMail(r.Context(), who, id); err != nil {
		return err
	}
	fill(&f)
	if f.Customers, err = s.app.CustomersFor(r.Context(), who, f.Find, desk.DomainOf(f.FromEmail)); err != nil {
		return err
	}
	if len(f.Customers) == 1 && f.Customer == "" {
		f.Customer = f.Customers[0].ID.String()
	}
	return s.render(w, r, status, page.WaitingMail(s.frame(r, who, "queue"), f))
}

func (s *Server) mailToTicket(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	customer, err := formID(r, "customer")
	if err == nil && customer == desk.Nobody {
		err = desk.NewInvalid("customer", "error.choose")
	}
	return s.letIn(w, r, who, app.LetInMail{Customer: customer, Agreed: r.PostForm.Get("agreed") == "on"}, err)
}

func (s *Server) mailOntoTicket(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	number, err := strconv.ParseInt(r.PostForm.Get("number"), 10, 64)
	if err != nil || number < 1 {
		err = desk.NewInvalid("number", "error.choose")
	}
	return s.letIn(w, r, who, app.LetInMail{Number: number}, err)
}

// letIn makes something of a mail, unless the form was wrong already.
func (s *Server) letIn(w http.ResponseWriter, r *http.Request, who desk.Actor, l app.LetInMail, err error) error {
	id, bad := desk.ParseID(chi.URLParam(r, "mail"))
	if bad != nil {
		return bad
	}
	number := int64(0)
	if may := who.May(desk.ManageMail); may != nil {
		return may
	}
	if err == nil {
		number, err = s.app.LetIn(r.Context(), who, id, l)
	}
	if wrong, ok := problems(err); ok {
		return s.drawMail(w, r, who, http.StatusUnprocessableEntity, func(f *page.LetInForm) {
			f.Problems, f.Customer, f.Number, f.Agreed = wrong, r.PostForm.Get("customer"), r.PostForm.Get("number"), l.Agreed
		})
	}
	if errors.Is(err, desk.ErrConflict) {
		return s.seeOther(w, r, who, "/quarantine", "mailin.gone")
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/tickets/"+strconv.FormatInt(number, 10), "mailin.let_in")
}

func (s *Server) dropMail(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := desk.ParseID(chi.URLParam(r, "mail"))
	if err == nil {
		err = s.app.DropMail(r.Context(), who, id)
	}
	if errors.Is(err, desk.ErrConflict) {
		return s.seeOther(w, r, who, "/quarantine", "mailin.gone")
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/quarantine", "mailin.dropped")
}
