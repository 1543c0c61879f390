package server

import (
	"github.com/go-chi/chi/v5"
)

// escalationRoutes are the desk's pages of what it handed on.
func (s *Server) escalationRoutes(r chi.Router) {
	r.Post("/{desk}/tickets/{number}/escalation", s.signedIn(s.beginEscalation))
	r.Get("/{desk}/escalations", s.signedIn(s.escalations))
	r.Get("/{desk}/escalations/{escalation}", s.signedIn(s.escalation))
	r.Post("/{desk}/escalations/{escalation}/dossier", s.signedIn(s.answerDossier))
	r.Post("/{desk}/escalations/{escalation}/questions", s.signedIn(s.askForDossier))
	r.Post("/{desk}/escalations/{escalation}/way", s.signedIn(s.leadEscalation))
	r.Post("/{desk}/escalations/{escalation}/approval", s.signedIn(s.askApproval))
	r.Post("/{desk}/escalations/{escalation}/decision", s.signedIn(s.approveEscalation))
	r.Post("/{desk}/escalations/{escalation}/filing", s.signedIn(s.fileEscalation))
	r.Get("/{desk}/escalations/{escalation}/connector", s.signedIn(s.filingChoices))
	r.Post("/{desk}/escalations/{escalation}/connector", s.signedIn(s.fileByConnector))
	r.Post("/{desk}/escalations/{escalation}/words", s.signedIn(s.sayByConnector))
	r.Post("/{desk}/escalations/{escalation}/number", s.signedIn(s.renumberEscalation))
	r.Post("/{desk}/escalations/{escalation}/state", s.signedIn(s.moveEscalation))
	r.Post("/{desk}/escalations/{escalation}/entries", s.signedIn(s.enterEntry))
	r.Post("/{desk}/escalations/{escalation}/entries/{said}/relay", s.signedIn(s.relayEntry))
	r.Post("/{desk}/escalations/{escalation}/chase", s.signedIn(s.chaseEscalation))
	r.Post("/{desk}/escalations/{escalation}/tickets", s.signedIn(s.joinEscalation))
	r.Post("/{desk}/escalations/{escalation}/tickets/removal", s.signedIn(s.leaveEscalation))
	r.Post("/{desk}/escalations/{escalation}/credit", s.signedIn(s.claimCredit))
	r.Post("/{desk}/escalations/{escalation}/ending", s.signedIn(s.endEscalation))
}
