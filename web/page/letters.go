package page

import (
	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// What became of a letter stands on the desk's timeline as a thing that happened, at the
// instant when the mail server took it. A report of its failure is an event of its own.
const letterEvent desk.EventKind = "letter"

// lettersAs makes such lines of the letters about a ticket.
func lettersAs(list []desk.LetterTo) (out []desk.Happened) {
	for _, l := range list {
		e := desk.Happened{}
		e.Kind, e.CreatedAt = letterEvent, *l.SentAt
		e.Data = map[string]string{"to": l.PersonName, "state": string(l.State)}
		out = append(out, e)
	}
	return out
}

func letterText(p *i18n.Printer, e desk.Happened) string {
	return p.T("mailout.went."+e.Data["state"], "To", shown(e.Data["to"]))
}

var letterIcons = map[desk.DeliveryState]string{desk.DeliverySent: "mail", desk.DeliveryDelivered: "ok", desk.DeliveryBounced: "alert"}

// failing are those who would hear of a ticket and whose address takes no letters.
func (t DeskTicket) failing() (list []desk.Person) {
	for _, p := range t.audience() {
		if p.FailingSince != nil {
			list = append(list, p)
		}
	}
	return list
}
