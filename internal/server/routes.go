package server

import (
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/httprate"

	"guichet/web/asset"
)

// Routes is the whole site as one list: middleware, then every address.
func (s *Server) Routes() chi.Router {
	r := chi.NewRouter()
	r.NotFound(s.lost)
	r.MethodNotAllowed(s.lost)
	r.Get("/healthz", s.health)
	r.Get("/readyz", s.ready)
	r.Handle("/assets/*", asset.Handler())
	r.Get("/favicon.ico", asset.Handler().ServeHTTP)
	r.With(s.guardHeaders).Get("/{desk}/accent.css", s.accent)
	if s.programs != nil {
		r.With(s.clientAddress(), s.oneHost).Mount("/api/v1", s.programs)
	}

	r.Group(func(r chi.Router) {
		r.Use(s.clientAddress(), s.oneHost, s.guardHeaders, s.sameOrigin, limitBody, onePage, s.sessions.LoadAndSave, s.keepChoice)
		// Guessing costs: sign-in is limited by address, whatever it is tried on.
		tries := s.limit(20, time.Minute)
		visits := s.limit(300, time.Minute) // each begun sign-in is a row

		r.Get("/", s.front)
		r.Get("/sign-in/return", s.signInReturn)
		r.Get("/consent/return", s.consentReturn)

		r.Get("/{desk}", s.at(s.home))
		r.Get("/{desk}/offer/{version}", s.signedIn(s.publishedVersion))
		r.With(visits).Get("/{desk}/sign-in", s.at(s.signIn))
		r.Get("/{desk}/sign-in/return", s.signInReturn)
		r.With(tries).Post("/{desk}/sign-in/link", s.at(s.mailLink))
		r.Get("/{desk}/sign-in/link/{token}", s.at(s.showLink))
		r.With(tries).Post("/{desk}/sign-in/link/{token}", s.at(s.useLink))
		r.Post("/{desk}/sign-out", s.at(s.signOut))

		r.Get("/{desk}/tickets", s.signedIn(s.listTickets))
		r.Get("/{desk}/tickets/new", s.signedIn(s.newTicket))
		r.Post("/{desk}/tickets", s.signedIn(s.submitTicket))
		r.Get("/{desk}/tickets/{number}", s.signedIn(s.showTicket))
		r.Post("/{desk}/tickets/{number}/messages", s.signedIn(s.writeMessage))
		r.Post("/{desk}/tickets/{number}/closure", s.signedIn(s.closeTicket))
		r.Post("/{desk}/tickets/{number}/reopening", s.signedIn(s.reopenTicket))
		r.Post("/{desk}/tickets/{number}/followers", s.signedIn(s.followTicket))

		r.Post("/{desk}/tickets/{number}/approval", s.signedIn(s.decideOrder))

		r.Get("/{desk}/health", s.at(s.serviceHealth))
		r.Post("/{desk}/health/issues/{issue}/tickets", s.signedIn(s.issueHitsToo))
		r.Post("/{desk}/health/incidents/{incident}/tickets", s.signedIn(s.incidentHitsToo))
		r.Get("/{desk}/help", s.at(s.help))
		// Typing asks again and again; nobody types faster than that.
		r.With(s.limit(120, time.Minute)).Get("/{desk}/help/fitting", s.signedIn(s.fittingHelp))
		r.Get("/{desk}/help/{article}", s.at(s.helpArticle))
		r.Post("/{desk}/help/{article}/opened", s.signedIn(s.openHelp))
		r.Post("/{desk}/help/{article}/solved", s.signedIn(s.solvedByHelp))

		s.liveRoutes(r)
		r.Get("/{desk}/search", s.signedIn(s.search))
		r.Get("/{desk}/queue", s.signedIn(s.showQueue))
		r.Get("/{desk}/queue/{view}", s.signedIn(s.showQueue))
		r.Get("/{desk}/tickets/new/known", s.signedIn(s.knownFirst))
		r.Post("/{desk}/tickets/{number}/works", s.signedIn(s.worksAgain))
		r.Post("/{desk}/tickets/{number}/issues", s.signedIn(s.bindIssue))
		r.Post("/{desk}/tickets/{number}/findings", s.signedIn(s.recordFinding))
		r.Post("/{desk}/tickets/{number}/decision", s.signedIn(s.decideTicket))
		r.Post("/{desk}/tickets/{number}/corrections", s.signedIn(s.correctFact))
		r.Post("/{desk}/tickets/{number}/tags", s.signedIn(s.sortTicket))
		r.Post("/{desk}/tickets/{number}/assignment", s.signedIn(s.assignTicket))
		r.Post("/{desk}/tickets/{number}/state", s.signedIn(s.setState))
		r.Post("/{desk}/tickets/{number}/priority", s.signedIn(s.setPriority))
		r.Post("/{desk}/tickets/{number}/impact", s.signedIn(s.setImpact))

		r.Post("/{desk}/tickets/{number}/time", s.signedIn(s.logTime))
		r.Post("/{desk}/tickets/{number}/time/start", s.signedIn(s.startTimer))
		r.Post("/{desk}/tickets/{number}/time/stop", s.signedIn(s.stopTimer))
		r.Post("/{desk}/tickets/{number}/time/{entry}", s.signedIn(s.correctTime))
		r.Post("/{desk}/tickets/{number}/time/{entry}/removal", s.signedIn(s.removeTime))
		r.Get("/{desk}/charges", s.signedIn(s.charges))
		r.Get("/{desk}/charges/new", s.signedIn(s.newCharge))
		r.Post("/{desk}/charges", s.signedIn(s.addCharge))
		r.Post("/{desk}/charges/decisions", s.signedIn(s.decideCharges))
		r.Get("/{desk}/charges/{charge}", s.signedIn(s.charge))
		r.Post("/{desk}/charges/{charge}/decision", s.signedIn(s.decideCharge))
		r.Post("/{desk}/charges/{charge}/adjustments", s.signedIn(s.adjustCharge))
		r.Get("/{desk}/statements", s.signedIn(s.statements))
		r.Post("/{desk}/statements", s.signedIn(s.issueStatement))
		r.Get("/{desk}/statements/{statement}", s.signedIn(s.statement))
		r.Get("/{desk}/statements/{statement}/csv", s.signedIn(s.statementCSV))
		r.Post("/{desk}/settings/customers/{customer}/blocks", s.signedIn(s.addBlock))
		r.Post("/{desk}/settings/customers/{customer}/blocks/{block}", s.signedIn(s.extendBlock))
		r.Post("/{desk}/settings/customers/{customer}/blocks/{block}/closure", s.signedIn(s.closeBlock))

		s.incidentRoutes(r)
		s.evidenceRoutes(r)
		s.fileRoutes(r)
		r.Get("/{desk}/reports", s.signedIn(s.reports))
		s.mailRoutes(r)
		r.Get("/{desk}/reports/attainment.csv", s.signedIn(s.attainmentSheet))
		r.Get("/{desk}/reports/hours.csv", s.signedIn(s.hoursSheet))
		r.Get("/{desk}/reports/sides.csv", s.signedIn(s.sidesSheet))
		r.Get("/{desk}/reports/work.csv", s.signedIn(s.workSheet))
		s.escalationReportRoutes(r)

		s.issueRoutes(r)
		s.handoverRoutes(r)
		s.handoffRoutes(r)
		s.escalationRoutes(r)

		r.Get("/{desk}/account", s.signedIn(s.account))
		r.Post("/{desk}/account", s.signedIn(s.saveAccount))
		r.Post("/{desk}/account/sessions/{session}/end", s.signedIn(s.endSession))
		r.Post("/{desk}/account/sessions/end", s.signedIn(s.endOtherSessions))

		r.Get("/{desk}/settings", s.signedIn(s.settings))
		r.Get("/{desk}/settings/desk", s.signedIn(s.deskSettings))
		r.Post("/{desk}/settings/desk", s.signedIn(s.saveDesk))
		r.Get("/{desk}/settings/customers", s.signedIn(s.customers))
		r.Get("/{desk}/settings/customers/new", s.signedIn(s.newCustomer))
		r.Post("/{desk}/settings/customers", s.signedIn(s.addCustomer))
		r.Get("/{desk}/settings/customers/{customer}", s.signedIn(s.customer))
		r.Post("/{desk}/settings/customers/{customer}", s.signedIn(s.saveCustomer))
		r.Post("/{desk}/settings/customers/{customer}/agreements", s.signedIn(s.addAgreement))
		r.Post("/{desk}/settings/customers/{customer}/agreements/{agreement}", s.signedIn(s.saveAgreement))
		r.Post("/{desk}/settings/customers/{customer}/agreements/{agreement}/removal", s.signedIn(s.removeAgreement))
		s.accessRoutes(r)
		r.Get("/{desk}/settings/people", s.signedIn(s.people))
		r.Get("/{desk}/settings/people/new", s.signedIn(s.newPerson))
		r.Post("/{desk}/settings/people", s.signedIn(s.invite))
		r.Get("/{desk}/settings/people/{person}", s.signedIn(s.person))
		r.Post("/{desk}/settings/people/{person}", s.signedIn(s.savePerson))

		r.Get("/{desk}/settings/subcontractors", s.signedIn(s.subcontractors))
		r.Get("/{desk}/settings/subcontractors/new", s.signedIn(s.newSubcontractor))
		r.Post("/{desk}/settings/subcontractors", s.signedIn(s.addSubcontractor))
		r.Get("/{desk}/settings/subcontractors/{subcontractor}", s.signedIn(s.subcontractor))
		r.Post("/{desk}/settings/subcontractors/{subcontractor}", s.signedIn(s.saveSubcontractor))
		r.Get("/{desk}/settings/circle", s.signedIn(s.circle))
		r.Post("/{desk}/settings/circle", s.signedIn(s.changeCircle))
		r.Get("/{desk}/settings/connectors", s.signedIn(s.connectors))
		r.Get("/{desk}/settings/connectors/{connector}", s.signedIn(s.connector))
		r.Post("/{desk}/settings/connectors/{connector}", s.signedIn(s.saveConnector))
		r.Post("/{desk}/settings/connectors/{connector}/check", s.signedIn(s.checkConnector))
		r.Get("/{desk}/settings/connectors/partner_center/profile", s.signedIn(s.supportProfile))
		r.Post("/{desk}/settings/connectors/partner_center/profile", s.signedIn(s.writeProfile))
		r.Get("/{desk}/settings/articles", s.signedIn(s.articles))
		r.Get("/{desk}/settings/articles/new", s.signedIn(s.newArticle))
		r.Post("/{desk}/settings/articles", s.signedIn(s.addArticle))
		r.Get("/{desk}/settings/articles/{article}", s.signedIn(s.editArticle))
		r.Post("/{desk}/settings/articles/{article}", s.signedIn(s.saveArticle))
		r.Post("/{desk}/settings/articles/{article}/publication", s.signedIn(s.publishArticle))
		r.Post("/{desk}/settings/articles/{article}/removal", s.signedIn(s.removeArticle))
		s.offerRoutes(r)
		s.announcementRoutes(r)
		s.tokenRoutes(r)
		s.movingRoutes(r)
		s.webhookRoutes(r)

		r.Get("/{desk}/settings/rules", s.signedIn(s.rules))
		r.Get("/{desk}/settings/rules/new", s.signedIn(s.newRule))
		r.Post("/{desk}/settings/rules", s.signedIn(s.addRule))
		r.Get("/{desk}/settings/rules/rule/{key}", s.signedIn(s.rule))
		r.Post("/{desk}/settings/rules/rule/{key}", s.signedIn(s.saveRule))
		r.Post("/{desk}/settings/rules/rule/{key}/place", s.signedIn(s.placeRule))
		r.Post("/{desk}/settings/rules/rule/{key}/removal", s.signedIn(s.removeRule))
		r.Post("/{desk}/settings/rules/rule/{key}/restoration", s.signedIn(s.restoreRule))
		r.Post("/{desk}/settings/rules/hint", s.signedIn(s.switchHint))
		r.Post("/{desk}/settings/rules/draft/removal", s.signedIn(s.discardRules))
		r.Get("/{desk}/settings/rules/export", s.signedIn(s.exportRules))
		r.Post("/{desk}/settings/rules/file", s.signedIn(s.importRules))
		r.Get("/{desk}/settings/rules/publication", s.signedIn(s.publication))
		r.Post("/{desk}/settings/rules/publication", s.signedIn(s.publishRules))
		r.Get("/{desk}/settings/rules/versions/{version}", s.signedIn(s.rulesVersion))
		r.Post("/{desk}/settings/rules/versions/{version}/restoration", s.signedIn(s.restoreVersion))
		r.Get("/{desk}/settings/rules/trials", s.signedIn(s.trials))
		r.Post("/{desk}/settings/rules/trials", s.signedIn(s.startTrial))
		r.Get("/{desk}/settings/rules/trials/{trial}", s.signedIn(s.trial))
		r.Post("/{desk}/settings/rules/trials/{trial}/stop", s.signedIn(s.stopTrial))
		r.Get("/{desk}/settings/rules/rule/{key}/results", s.signedIn(s.ruleResults))

		r.Handle("/{desk}/*", s.at(s.nowhere))
	})
	return r
}

// limit refuses more than n requests of one address in a window.
func (s *Server) limit(n int, window time.Duration) func(http.Handler) http.Handler {
	return httprate.LimitBy(n, window, func(r *http.Request) (string, error) { return network(r), nil },
		httprate.WithLimitHandler(s.tooMany))
}
