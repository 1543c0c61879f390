package page

import (
	"context"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// official is a page of Microsoft's own; {lang} in its address is the reader's
// language. They are where a product begins, not deep in it: those stay.
type official struct{ name, address string }

const (
	supportSite = "https://support.microsoft.com/{lang}/"
	learnSite   = "https://learn.microsoft.com/{lang}/"
)

// officialPages are Microsoft's pages by service.
var officialPages = map[string][]official{
	"Exchange Online":               {{"Outlook", supportSite + "outlook"}, {"Exchange Online", learnSite + "exchange/exchange-online"}},
	"Microsoft Teams":               {{"Teams", supportSite + "teams"}, {"Microsoft Teams", learnSite + "microsoftteams/"}},
	"SharePoint Online":             {{"SharePoint", supportSite + "sharepoint"}, {"SharePoint", learnSite + "sharepoint/"}},
	"OneDrive for Business":         {{"OneDrive", supportSite + "onedrive"}},
	"Microsoft 365 Apps":            {{"Microsoft 365", supportSite + "microsoft-365"}, {"Microsoft 365 Apps", learnSite + "microsoft-365-apps/"}},
	"Office for the web":            {{"Microsoft 365", supportSite + "microsoft-365"}},
	"Microsoft Entra":               {{"Microsoft Entra", learnSite + "entra/"}},
	"Microsoft 365 suite":           {{"Microsoft 365", supportSite + "microsoft-365"}, {"Microsoft 365", learnSite + "microsoft-365/"}},
	"Microsoft Intune":              {{"Microsoft Intune", learnSite + "mem/intune/"}},
	"Microsoft Defender XDR":        {{"Microsoft Defender XDR", learnSite + "defender-xdr/"}},
	"Microsoft Purview":             {{"Microsoft Purview", learnSite + "purview/"}},
	"Microsoft Copilot":             {{"Microsoft Copilot", supportSite + "copilot"}},
	"Planner":                       {{"Planner", supportSite + "planner"}},
	"Microsoft Forms":               {{"Microsoft Forms", supportSite + "forms"}},
	"Microsoft Bookings":            {{"Microsoft Bookings", learnSite + "microsoft-365/bookings/"}},
	"OneNote":                       {{"OneNote", supportSite + "onenote"}},
	"Windows 365":                   {{"Windows 365", learnSite + "windows-365/"}},
	"Microsoft Graph":               {{"Microsoft Graph", learnSite + "graph/"}},
	"Power BI":                      {{"Power BI", learnSite + "power-bi/"}},
	"Power Apps":                    {{"Power Apps", learnSite + "power-apps/"}},
	"Microsoft Power Automate":      {{"Power Automate", learnSite + "power-automate/"}},
	"Dynamics 365 Apps":             {{"Dynamics 365", learnSite + "dynamics365/"}},
	"Dynamics 365 Business Central": {{"Business Central", learnSite + "dynamics365/business-central/"}},
	"Azure Virtual Machines":        {{"Azure Virtual Machines", learnSite + "azure/virtual-machines/"}},
	"Azure App Service":             {{"Azure App Service", learnSite + "azure/app-service/"}},
	"Azure Functions":               {{"Azure Functions", learnSite + "azure/azure-functions/"}},
	"Azure SQL Database":            {{"Azure SQL", learnSite + "azure/azure-sql/"}},
	"Azure Storage":                 {{"Azure Storage", learnSite + "azure/storage/"}},
	"Azure Virtual Network":         {{"Azure Virtual Network", learnSite + "azure/virtual-network/"}},
	"Azure VPN Gateway":             {{"Azure VPN Gateway", learnSite + "azure/vpn-gateway/"}},
	"Azure ExpressRoute":            {{"Azure ExpressRoute", learnSite + "azure/expressroute/"}},
	"Azure Load Balancer":           {{"Azure Load Balancer", learnSite + "azure/load-balancer/"}},
	"Azure Kubernetes Service":      {{"Azure Kubernetes Service", learnSite + "azure/aks/"}},
	"Azure Container Apps":          {{"Azure Container Apps", learnSite + "azure/container-apps/"}},
	"Azure Container Registry":      {{"Azure Container Registry", learnSite + "azure/container-registry/"}},
	"Azure Cosmos DB":               {{"Azure Cosmos DB", learnSite + "azure/cosmos-db/"}},
	"Azure SignalR Service":         {{"Azure SignalR Service", learnSite + "azure/azure-signalr/"}},
	"Azure Virtual Desktop":         {{"Azure Virtual Desktop", learnSite + "azure/virtual-desktop/"}},
	"Azure DevOps":                  {{"Azure DevOps", learnSite + "azure/devops/"}},
	"Azure portal":                  {{"Azure portal", learnSite + "azure/azure-portal/"}},
	"Licensing and billing":         {{"Microsoft 365", learnSite + "microsoft-365/commerce/"}},
}

// familyPages serve a service without a page of its own.
var familyPages = map[string]official{
	"m365": {"Microsoft 365", supportSite + "microsoft-365"}, "azure": {"Azure", learnSite + "azure/"},
	"power": {"Power Platform", learnSite + "power-platform/"}, "dynamics": {"Dynamics 365", learnSite + "dynamics365/"},
}

// firstHelp is what the desk's public page leads to.
var firstHelp = []official{
	{"Outlook", supportSite + "outlook"}, {"Teams", supportSite + "teams"}, {"SharePoint", supportSite + "sharepoint"},
	{"OneDrive", supportSite + "onedrive"}, {"Microsoft 365", supportSite + "microsoft-365"}, {"Azure", learnSite + "azure/"},
}

// officialLinks are Microsoft's pages about a service, in the reader's
// language; none for one that says nothing.
func officialLinks(ctx context.Context, service string) []ui.NavItem {
	pages := officialPages[service]
	if s, known := desk.ServiceNamed(service); known && len(pages) == 0 {
		if p, ok := familyPages[s.Family]; ok {
			pages = []official{p}
		}
	}
	return inTongue(ctx, pages)
}

func inTongue(ctx context.Context, pages []official) []ui.NavItem {
	lang := "en-us"
	if i18n.From(ctx).Lang() == i18n.French {
		lang = "fr-fr"
	}
	var out []ui.NavItem
	for _, p := range pages {
		out = append(out, ui.NavItem{Text: p.name, Href: strings.ReplaceAll(p.address, "{lang}", lang)})
	}
	return out
}

// siteName says whose page a link leads to: two of one name are told apart by it.
func siteName(ctx context.Context, href string) string {
	if strings.HasPrefix(href, "https://learn.") {
		return i18n.T(ctx, "help.learn")
	}
	return i18n.T(ctx, "help.support")
}
