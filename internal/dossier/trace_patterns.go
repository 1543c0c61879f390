package dossier

import (
	"regexp"
	"strings"
)

// pattern finds values of one kind in a text.
type pattern struct {
	into  func(*Traces) *[]string
	hints []string // in lower case: without any of them there is none
	re    *regexp.Regexp
	fits  func(value string) bool // judges a value; nil: all fit
	mail  bool                    // only in a text that speaks of mail
}

// Parts of patterns: what begins a label, what stands between a label and its value, and values.
const (
	start   = `(?i)(?:^|[^\w-])`
	between = `["']?[ \t\x{00A0}\x{202F}]*[:=]?[ \t\x{00A0}\x{202F}]*["'(<{]?`
	anyGUID = `[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`
	idValue = `(?P<v>` + anyGUID + `|[0-9a-f]{32})`
	address = `[\pL\pN][\pL\pN._%+#'’-]*@[\pL\pN][\pL\pN-]*(?:\.[\pL\pN-]+)+`
	toSpace = `[^\s"'<>()\[\]{}«»]`
)

// labelledID finds an id behind one of its names. Hints are parted by spaces.
func labelledID(into func(*Traces) *[]string, hints, names, value string) pattern {
	return pattern{into: into, hints: strings.Fields(hints), re: regexp.MustCompile(start + `(?:` + names + `)` + between + value)}
}

func pick(into func(*Traces) *[]string, hints []string, expression string, fits func(value string) bool) pattern {
	return pattern{into: into, hints: hints, re: regexp.MustCompile(expression), fits: fits}
}

// patterns are the marks by which Microsoft's support finds what happened: the labels of its error
// pages, in English and French, and the headers of its interfaces.
var patterns = []pattern{
	labelledID(func(t *Traces) *[]string { return &t.Correlations }, "corr korr sprequest",
		`(?:x-ms-|ms-)?correlation[ _-]?(?:request[ _-]?)?id|sprequestguid|(?:id|identifiant|n°) de corr[ée]lation|korrelations-id|id\.? de correlación`, idValue),
	labelledID(func(t *Traces) *[]string { return &t.Requests }, "request requête demande",
		`(?P<no>client[ _-]|correlation[ _-])?(?:x-ms-|ms-|sp)?request[ _-]?id|(?:id|identifiant) de (?:la )?(?:demande|requête)`, idValue),
	labelledID(func(t *Traces) *[]string { return &t.ClientRequests }, "client",
		`(?:x-ms-)?client[ _-]request[ _-]id|(?:id|identifiant) de (?:la )?(?:demande|requête) (?:du )?client`, idValue),
	labelledID(func(t *Traces) *[]string { return &t.Traces }, "trace activity", `(?P<no>message )?trace[ _-]?id|(?:id|identifiant) de (?:la )?trace|activity[ _-]?id`, idValue),
	labelledID(func(t *Traces) *[]string { return &t.Traces }, "suivi", `(?:id|identifiant) de suivi`, idValue),
	labelledID(func(t *Traces) *[]string { return &t.DynAIDs }, "ms-dyn-aid", `ms-dyn-aid`, `(?P<v>[\w.-]{4,80})`),
	labelledID(func(t *Traces) *[]string { return &t.Vectors }, "ms-cv", `ms-cv`, `(?P<v>[\w+/-]{10,40}(?:\.\d+)*)`),
	labelledID(func(t *Traces) *[]string { return &t.Sessions }, "session", `(?:x-ms-)?session[ _-]?id|(?:id|identifiant) de (?:la )?session`, idValue),
	labelledID(func(t *Traces) *[]string { return &t.Apps }, "app client", `app(?:lication)?[ _-]?id|client[ _-]id|application(?: with identifier)?|(?:id|identifiant) (?:d['’]|de l['’])application`, `(?P<v>`+anyGUID+`)`),
	labelledID(func(t *Traces) *[]string { return &t.Messages }, "essage",
		`(?:x-ms-exchange-organization-)?network[ _-]?message[ _-]?id|message trace id|(?:id|identifiant) (?:de|du) message réseau`, `(?P<v>`+anyGUID+`)`),
	pick(func(t *Traces) *[]string { return &t.Messages }, []string{"message-id"}, start+`message-id:[ \t]*<?(?P<v>[^\s<>]{3,200}@[^\s<>]{3,120})>?`, nil),
	labelledID(func(t *Traces) *[]string { return &t.Subscriptions }, "subscription abonnement", `(?:azure )?subscription(?:[ _-]?id)?|(?:id|identifiant) (?:de l['’]|d['’])abonnement|abonnement(?: azure)?`, `(?P<v>`+anyGUID+`)`),
	pick(func(t *Traces) *[]string { return &t.Subscriptions }, []string{"/subscriptions/"}, `(?i)/subscriptions/(?P<v>`+anyGUID+`)`, nil),
	pick(func(t *Traces) *[]string { return &t.Resources }, []string{"/subscriptions/"}, `(?i)(?P<v>/subscriptions/`+anyGUID+`/(?:resourceGroups|providers)/`+toSpace+`+)`, nil),
	pick(func(t *Traces) *[]string { return &t.Sites }, []string{".sharepoint."}, `(?i)(?P<v>https://[\w-]+\.sharepoint\.(?:com|us|de|cn)`+toSpace+`*)`, nil),
	pick(func(t *Traces) *[]string { return &t.Environments }, []string{".dynamics.com", ".powerapps.com"}, `(?i)(?P<v>https://[\w.-]+\.(?:dynamics|powerapps)\.com)`, nil),
	labelledID(func(t *Traces) *[]string { return &t.EnvironmentIDs }, "environ", `environment[ _-]?id|(?:id|identifiant) (?:de l['’]|d['’])environnement|environments/`, `(?P<v>(?:default-)?`+anyGUID+`)`),
	pick(func(t *Traces) *[]string { return &t.Workspaces }, []string{"app.powerbi.com", "app.fabric.microsoft.com"}, `(?i)(?P<v>https://app\.(?:powerbi|fabric\.microsoft)\.com`+toSpace+`*)`, nil),
	pick(func(t *Traces) *[]string { return &t.Meetings }, []string{"meeting", "réunion"}, start+`(?:meeting[ _-]?id|(?:id|n°|numéro) de (?:la )?réunion)`+between+`(?P<v>\d{3}[\d \x{00A0}]{5,16}\d|`+anyGUID+`)`, nil),
	pick(func(t *Traces) *[]string { return &t.Meetings }, []string{"meetup-join", "19:meeting"}, `(?i)(?P<v>https://teams\.microsoft\.com/l/meetup-join/`+toSpace+`+|19:meeting_[\w-]+@thread\.v2)`, nil),
	labelledID(func(t *Traces) *[]string { return &t.Calls }, "call conference appel", `call[ _-]?(?:chain[ _-]?)?id|conference[ _-]?id|(?:id|identifiant) (?:de l['’]|d['’])appel`, `(?P<v>`+anyGUID+`)`),
	pick(func(t *Traces) *[]string { return &t.Endpoints }, []string{"http"}, `(?:(?:GET|POST|PUT|PATCH|DELETE)[ \t]+|)(?P<v>https://(?:graph\.microsoft\.com|api\.partnercenter\.microsoft\.com|management\.azure\.com|api\.powerbi\.com|manage\.office\.com)/`+toSpace+`+)`, nil),
	pick(func(t *Traces) *[]string { return &t.Endpoints }, []string{"get ", "post ", "put ", "patch ", "delete "}, `\b(?:GET|POST|PUT|PATCH|DELETE)[ \t]+(?P<v>(?:https?:/)?/`+toSpace+`+)`, nil),
	pick(func(t *Traces) *[]string { return &t.Statuses }, []string{"http", "stat"}, `(?i)\b(?:http(?:/\d(?:\.\d)?)?|status(?: code)?|statut)`+between+`(?P<v>[45]\d\d)\b`, nil),
	pick(func(t *Traces) *[]string { return &t.Statuses }, []string{"bad", "unauth", "forbid", "not found", "too many", "internal", "unavail", "time"}, `(?i)\b(?P<v>[45]\d\d)[ :-]+(?:bad request|unauthorized|forbidden|not found|too many requests|internal server error|bad gateway|service unavailable|gateway time-?out)`, nil),

	pick(func(t *Traces) *[]string { return &t.Codes }, []string{"aadsts", "0x", "caa"}, `\b(?P<v>AADSTS\d{4,7}|0x[0-9A-Fa-f]{8}|CAA[0-9A-F]{5,6})\b`, nil),
	pick(func(t *Traces) *[]string { return &t.Codes }, []string{"code"}, `(?i)\b(?:error[ -]?code|code (?:d['’])?erreur|fehlercode)`+between+`(?P<v>[\w-]*\d[\w.-]{1,40})`, nil),
	pick(func(t *Traces) *[]string { return &t.NDRs }, []string{"4.", "5."}, `\b[45]\d\d[ #-]+(?P<v>[45]\.\d{1,3}\.\d{1,4})\b`, nil),
	{into: func(t *Traces) *[]string { return &t.NDRs }, hints: []string{"4.", "5."}, re: regexp.MustCompile(`(?:^|[^\d.])(?P<v>[45]\.\d{1,3}\.\d{1,4})(?:[^\d.]|\.?$|\.\D)`), mail: true},
	pick(func(t *Traces) *[]string { return &t.Issues }, []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}, `\b(?P<v>[A-Z]{2}\d{6,8})\b`, notArticle),
	pick(func(t *Traces) *[]string { return &t.Issues }, []string{"tracking", "suivi"}, `(?i)\b(?:tracking[ _-]?id|(?:id|n°|numéro) de suivi)`+between+`(?P<v>[A-Z0-9_]{4,6}-[A-Z0-9]{3})\b`, nil),
	pick(func(t *Traces) *[]string { return &t.People }, []string{"@"}, `(?P<v>`+address+`)`, notMessageID),
	pick(func(t *Traces) *[]string { return &t.Senders }, []string{"from", "de", "exp", "sender", "von"}, `(?im)(?:^|[>| \t])(?:from|de|expéditeur|sender|von)[ \t\x{00A0}\x{202F}]*:[^@\n]{0,80}?(?P<v>`+address+`)`, notMessageID),
	pick(func(t *Traces) *[]string { return &t.Recipients }, []string{"to", "à", "dest", "recipient", "an"}, `(?im)(?:^|[>| \t])(?:to|à|destinataires?|recipients?|an)[ \t\x{00A0}\x{202F}]*:[^@\n]{0,80}?(?P<v>`+address+`)`, notMessageID),
	pick(func(t *Traces) *[]string { return &t.Bounces }, []string{"remote server", "550", "554", "diagnostic-code", "remis", "undeliver", "450", "421", "5."}, `(?im)^[>| \t]*(?P<v>[^\n]{0,200}(?:remote server returned|diagnostic-code:|\b[45]\d\d[ #-]+[45]\.\d{1,3}\.\d{1,4}|pas pu être remis)[^\n]{0,300})$`, nil),
	pick(func(t *Traces) *[]string { return &t.Counts }, []string{"util", "user", "people", "pers", "compte", "account", "collab", "employ", "mailbox", "boîte", "salari", "staff", "poste"}, `(?i)(?:^|[^\w.,/:-])(?P<v>\d{1,6})[ \x{00A0}\x{202F}](?:autres |other |of our |de nos )?(?:utilisat(?:eur|rice)s|users|people|personnes|comptes|accounts|collaborat(?:eur|rice)s|employés|employees|mailboxes|boîtes|salariés|staff|postes)\b`, nil),
}

// mailWords keep version numbers from passing for status codes.
var mailWords = []string{"remote server", "smtp", "ndr", "delivery", "undeliver", "bounce", "non remis", "remise", "mail", "message", "rejet", "reject", "recipient", "destinataire"}

// notMessageID tells a person's address from the id of a message, or of a meeting.
func notMessageID(value string) bool {
	value = strings.ToLower(value)
	local, host, _ := strings.Cut(value, "@")
	return len(local) <= 64 && !strings.HasSuffix(host, ".prod.outlook.com") && host != "thread.v2"
}

// notArticle keeps support articles and numbers of other houses from passing for published issues.
func notArticle(value string) bool {
	return value[:2] != "KB" && value[:2] != "SR" && value[:2] != "ID"
}
