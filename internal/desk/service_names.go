package desk

import "strings"

// ServiceOf is the name under which the ticket form offers a service that a
// publisher names; a name that the form does not know stays as it is. Publishers
// rename services and shorten them; the lists are from Microsoft Graph
// ("serviceHealth resource type"), from what it answers, and from Azure's list of
// services.
func ServiceOf(published string) string {
	name := strings.Join(strings.Fields(published), " ")
	key := strings.ToLower(strings.NewReplacer("®", "", "™", "").Replace(name))
	if known, ok := publishedAs[key]; ok {
		return known
	}
	// "Microsoft Azure SQL Database", "Exchange", "Azure Virtual Machines (Windows)"
	for _, form := range []string{key, strings.TrimPrefix(key, "microsoft "), "azure " + key, "microsoft " + key} {
		if s, ok := ServiceNamed(form); ok && form != "" && s.Name != "Unknown" && s.Name != "Other" {
			return s.Name
		}
	}
	return name
}

// publishedAs holds what a publisher calls a service of ours, in lower case. Ids
// of Graph are among them.
var publishedAs = reversed(map[string][]string{
	"Exchange Online":               {"exchange", "exchange online archiving", "microsoft exchange online", "exchange online protection"},
	"Microsoft Teams":               {"microsoftteams", "teams", "teams for education", "microsoft teams phone", "skype for business", "skype for business online", "lync"},
	"SharePoint Online":             {"sharepoint", "sharepoint in microsoft 365", "microsoft sharepoint", "sharepoint syntex", "microsoft syntex"},
	"OneDrive for Business":         {"onedriveforbusiness", "onedrive", "microsoft onedrive"},
	"Microsoft 365 Apps":            {"o365client", "microsoft 365 apps for enterprise", "microsoft 365 apps for business", "office 365 proplus", "office subscription", "outlook", "microsoft outlook"},
	"Office for the web":            {"officeonline", "microsoft 365 for the web", "office online", "microsoft 365 on the web"},
	"Microsoft Entra":               {"orgliveid", "identity service", "microsoft entra id", "azure active directory", "azure ad", "entra id", "entra", "active directory", "multi-factor authentication", "azure active directory b2c", "azure active directory domain services", "microsoft entra domain services"},
	"Microsoft 365 suite":           {"osdpplatform", "office 365 portal", "microsoft 365", "office 365", "microsoft 365 admin center", "microsoft 365 apps suite"},
	"Microsoft Intune":              {"intune", "mobile device management for office 365", "mobiledevicemanagement", "microsoft endpoint manager"},
	"Microsoft Defender XDR":        {"microsoft365defender", "microsoft 365 defender", "microsoft defender for office 365", "microsoft defender for endpoint", "microsoft defender for identity", "cloudappsecurity", "microsoft defender for cloud apps", "office 365 cloud app security", "microsoft defender"},
	"Microsoft Purview":             {"purview", "rms", "azure information protection", "microsoft purview information protection", "pam", "privileged access", "microsoft compliance", "office 365 security & compliance"},
	"Microsoft Copilot":             {"copilot", "microsoft copilot (microsoft 365)", "microsoft 365 copilot", "copilot for microsoft 365", "microsoft copilot for microsoft 365", "microsoft 365 copilot chat"},
	"Planner":                       {"microsoft planner", "project for the web", "projectfortheweb", "project online", "microsoft to do"},
	"Microsoft Forms":               {"forms"},
	"Microsoft Bookings":            {"bookings"},
	"OneNote":                       {"microsoft onenote", "onenote for the web"},
	"Windows 365":                   {"windows 365 enterprise", "windows365", "cloud pc"},
	"Microsoft Graph":               {"graph api", "microsoft graph api"},
	"Power BI":                      {"powerbicom", "microsoft power bi", "microsoft fabric", "fabric", "power bi embedded"},
	"Power Apps":                    {"powerapps", "powerappsm365", "microsoft power apps", "power apps in microsoft 365", "microsoft powerapps"},
	"Microsoft Power Automate":      {"microsoftflow", "microsoftflowm365", "power automate", "microsoft flow", "power automate in microsoft 365", "microsoft power automate in microsoft 365"},
	"Dynamics 365 Apps":             {"dynamicscrm", "dynamics 365", "microsoft dynamics 365", "dynamics 365 customer engagement", "dynamics 365 sales", "dynamics 365 customer service"},
	"Dynamics 365 Business Central": {"dynamicsnav", "business central"},
	"Azure Virtual Machines":        {"virtual machines", "virtual machine scale sets", "virtual machines (classic)", "windows virtual machines", "linux virtual machines", "cloud services"},
	"Azure App Service":             {"app service", "app service (linux)", "app service (web apps)", "app service \\ web apps", "app service \\ web apps (linux)", "app service (linux) \\ web apps", "web apps"},
	"Azure Functions":               {"functions", "app service \\ function apps"},
	"Azure SQL Database":            {"sql database", "azure sql", "sql managed instance", "azure sql managed instance"},
	"Azure Storage":                 {"storage", "storage accounts", "azure blob storage", "azure files", "azure table storage", "azure queue storage", "azure managed disks"},
	"Azure Virtual Network":         {"virtual network", "network infrastructure", "azure networking", "azure dns", "traffic manager", "azure front door", "application gateway", "azure firewall", "virtual network nat", "virtual wan"},
	"Azure VPN Gateway":             {"vpn gateway", "vpn gateway \\ virtual wan"},
	"Azure ExpressRoute":            {"expressroute", "expressroute \\ expressroute circuits", "expressroute \\ expressroute gateways"},
	"Azure Load Balancer":           {"load balancer"},
	"Azure Kubernetes Service":      {"azure kubernetes service (aks)", "kubernetes service", "aks"},
	"Azure Container Apps":          {"container apps"},
	"Azure Container Registry":      {"container registry"},
	"Azure Cosmos DB":               {"cosmos db", "azure cosmosdb"},
	"Azure OpenAI Service":          {"azure openai", "cognitive services \\ azure openai service", "azure ai services \\ azure openai service", "azure openai in foundry models"},
	"Azure SignalR Service":         {"signalr", "azure signalr"},
	"Azure Virtual Desktop":         {"windows virtual desktop", "virtual desktop"},
	"Azure DevOps":                  {"visual studio team services", "azure devops services", "azure devops \\ pipelines"},
	"Azure portal":                  {"microsoft azure portal", "microsoft azure portal \\ marketplace", "azure resource manager"},
})

func reversed(names map[string][]string) map[string]string {
	all := map[string]string{}
	for ours, theirs := range names {
		for _, name := range theirs {
			all[name] = ours
		}
	}
	return all
}
