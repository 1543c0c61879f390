package signals

import "slices"

// Service is a service as complaints are gathered by. What one kin has in common fails
// together and is named alike: files of Teams, OneDrive and SharePoint lie in one place.
type Service struct {
	Name   string // official; "" for any service of the family
	Kin    string // the service that it is counted with
	Family string // m365, azure, power, dynamics, commerce, other; "" when it is unknown too
}

// official are the services that words of a text can mean, by their official names, and what each
// is counted with where that is another.
var official = map[string]Service{
	"exchange online":                 {Name: "Exchange Online"},
	"microsoft teams":                 {Name: "Microsoft Teams"},
	"sharepoint online":               {Name: "SharePoint Online"},
	"onedrive for business":           {Name: "OneDrive for Business", Kin: "SharePoint Online"},
	"microsoft entra":                 {Name: "Microsoft Entra"},
	"microsoft 365 suite":             {},
	"microsoft 365 apps":              {Name: "Microsoft 365 Apps"},
	"office for the web":              {Name: "Office for the web"},
	"microsoft intune":                {Name: "Microsoft Intune"},
	"microsoft defender xdr":          {Name: "Microsoft Defender XDR"},
	"microsoft purview":               {Name: "Microsoft Purview"},
	"microsoft copilot":               {Name: "Microsoft Copilot"},
	"windows 365":                     {Name: "Windows 365"},
	"power bi":                        {Name: "Power BI"},
	"power apps":                      {Name: "Power Apps"},
	"microsoft power automate":        {Name: "Microsoft Power Automate"},
	"dynamics 365 business central":   {Name: "Dynamics 365 Business Central"},
	"dynamics 365":                    {Name: "Dynamics 365 Apps"},
	"azure":                           {},
	"azure app service":               {Name: "Azure App Service"},
	"azure sql database":              {Name: "Azure SQL Database"},
	"azure storage":                   {Name: "Azure Storage"},
	"azure kubernetes service":        {Name: "Azure Kubernetes Service"},
	"azure virtual machines":          {Name: "Azure Virtual Machines"},
	"azure virtual desktop":           {Name: "Azure Virtual Desktop"},
	"azure devops":                    {Name: "Azure DevOps"},
	"azure portal":                    {Name: "Azure portal"},
	"azure vpn gateway":               {Name: "Azure VPN Gateway"},
	"azure expressroute":              {Name: "Azure ExpressRoute"},
	"azure container registry":        {Name: "Azure Container Registry"},
	"azure openai service":            {Name: "Azure OpenAI Service"},
	"azure cosmos db":                 {Name: "Azure Cosmos DB"},
	"azure key vault":                 {Name: "Azure Key Vault"},
	"azure front door":                {Name: "Azure Front Door"},
	"microsoft 365":                   {},
	"office 365":                      {},
	"dynamics 365 apps":               {Name: "Dynamics 365 Apps"},
	"microsoft entra id":              {Name: "Microsoft Entra"},
	"azure active directory":          {Name: "Microsoft Entra"},
	"identity service":                {Name: "Microsoft Entra"},
	"exchange":                        {Name: "Exchange Online"},
	"outlook":                         {Name: "Exchange Online"},
	"teams":                           {Name: "Microsoft Teams"},
	"sharepoint":                      {Name: "SharePoint Online"},
	"onedrive":                        {Name: "OneDrive for Business", Kin: "SharePoint Online"},
	"virtual machines":                {Name: "Azure Virtual Machines"},
	"outlook on the web":              {Name: "Exchange Online"},
	"azure virtual machine scale set": {Name: "Azure Virtual Machines"},
}

// formService is the service that a form names; the zero Service when it names none.
func formService(name string) Service {
	folded := fold(name)
	s, known := official[folded]
	family := familyOf(folded)
	switch {
	case family == "" || family == "other":
		return Service{Family: ""}
	case !known:
		s = Service{Name: name}
	}
	return s.of(family)
}

// of completes a service of the table.
func (s Service) of(family string) Service {
	s.Family = family
	if s.Kin == "" {
		s.Kin = s.Name
	}
	return s
}

// failing lists the services that the text names without saying that they work. What the words
// only hint at (a meeting, a mailbox) counts where nothing is named.
func failing(p passage, complaint []hit) (named []Service, hinted []Service) {
	add := func(to []Service, s Service) []Service {
		if slices.Contains(to, s) {
			return to
		}
		return append(to, s)
	}
	for _, h := range p.hits[inServices] {
		family, name, _ := cutConcept(h.concept)
		s, known := official[name]
		if !known || saidToWork(h, p.words, complaint) {
			continue
		}
		named = add(named, s.of(family))
	}
	for _, h := range complaint {
		if at, name, _ := cutConcept(h.concept); at == "at" && !saidToWork(h, p.words, complaint) {
			hinted = add(hinted, official[name].of(familyOf(name)))
		}
	}
	return specific(named), hinted
}

// specific drops the names of whole families where one of their services is named.
func specific(named []Service) []Service {
	return slices.DeleteFunc(named, func(s Service) bool {
		return s.Name == "" && slices.ContainsFunc(named, func(o Service) bool {
			return o.Name != "" && (o.Family == s.Family || o.Name == "Microsoft Entra")
		})
	})
}

// saidToWork says whether the clause that names a service says that it works, and nothing that it fails.
func saidToWork(h hit, words []word, complaint []hit) bool {
	clause, works := words[h.from].clause, false
	for _, c := range complaint {
		if words[c.from].clause != clause {
			continue
		}
		switch c.concept {
		case "works":
			works = true
		case "down", "cannot", "server_error":
			return false
		}
	}
	return works
}
