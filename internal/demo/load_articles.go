package demo

import (
	"context"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// An article of the demo, with how often a week it was shown, opened and enough.
type demoArticle struct {
	service, titleFr, bodyFr, titleEn, bodyEn string
	weekly                                    [3]int
}

// articles gives the first desk its help, and some weeks of customers who read
// it. A last one is still a draft.
func (l *loader) articles(ctx context.Context) error {
	d := l.desks[demoDesks[0].slug]
	return l.db.At(func() time.Time { return l.clock }).Update(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) error {
		for n, a := range demoArticles {
			article, err := desk.NewArticle(desk.ArticleSettings{Service: a.service, TitleFr: a.titleFr, BodyFr: a.bodyFr, TitleEn: a.titleEn, BodyEn: a.bodyEn,
				Published: a.weekly[0] > 0}, tx.Now)
			if err != nil {
				return err
			}
			if err := tx.AddArticle(article); err != nil {
				return err
			}
			if err := l.read(tx, article.ID, n, a.weekly); err != nil {
				return err
			}
		}
		return nil
	})
}

// weeksOfReading is how far back the demo's figures reach.
const weeksOfReading = 10

func (l *loader) read(tx *postgres.Tx, id desk.ID, shift int, weekly [3]int) error {
	for week := range weeksOfReading {
		day := l.now.AddDate(0, 0, -7*week-shift%5)
		for n, use := range []desk.ArticleUse{desk.ArticleShown, desk.ArticleOpened, desk.ArticleSolved} {
			for range weekly[n] * (4 + (3*week+shift)%5) / 30 {
				if err := tx.CountArticles([]desk.ID{id}, use, day); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

var demoArticles = []demoArticle{
	{"Exchange Online", "Ajouter une boîte partagée dans Outlook", `Quand l’accès vient d’être donné, la boîte apparaît d’elle-même dans Outlook classique. Comptez jusqu’à une heure, puis fermez et rouvrez Outlook.

Dans le nouvel Outlook, ou dans le navigateur, ajoutez-la vous-même :
1. Dans la liste des dossiers, faites un clic droit sur le nom de votre compte.
2. Choisissez l’ajout d’un dossier ou d’une boîte partagés.
3. Tapez l’adresse de la boîte partagée, puis validez.

Outlook répond que vous n’avez pas accès ? Écrivez-nous l’adresse de la boîte et le nom de qui en est responsable : l’accès ne se donne qu’avec son accord.`,
		"Add a shared mailbox to Outlook", `Once you have been given access, the mailbox shows up in classic Outlook by itself. Allow up to an hour, then close Outlook and open it again.

In new Outlook, or in the browser, add it yourself:
1. In the folder list, right-click the name of your account.
2. Choose to add a shared folder or mailbox.
3. Type the address of the shared mailbox and confirm.

Does Outlook say that you have no access? Send us the address of the mailbox and the name of whoever is responsible for it: access is given only with that person’s consent.`, [3]int{40, 22, 9}},
	{"Microsoft Teams", "Dans Teams, on ne m’entend pas", `Dans cet ordre, une minute suffit :
1. Regardez le casque : beaucoup ont un bouton qui coupe le micro.
2. Dans la réunion, vérifiez que le micro de Teams n’est pas barré.
3. Dans Teams, ouvrez Paramètres, Appareils : choisissez le bon micro, puis passez un appel de test.
4. Dans Windows, ouvrez Paramètres, Confidentialité et sécurité, Microphone : les applications de bureau doivent avoir le droit de s’en servir.
5. Fermez les autres logiciels d’appel, puis quittez Teams et relancez-le.

Essayez enfin https://teams.microsoft.com dans le navigateur. Si l’on vous y entend, dites-le-nous : la panne est dans l’application, pas dans le micro.`,
		"Nobody hears me in Teams", `In this order, it takes a minute:
1. Look at your headset: many have a button that mutes the microphone.
2. In the meeting, check that the microphone of Teams is not crossed out.
3. In Teams, open Settings, Devices: choose the right microphone, then make a test call.
4. In Windows, open Settings, Privacy & security, Microphone: desktop apps must be allowed to use it.
5. Close other calling programs, then quit Teams and start it again.

Last, try https://teams.microsoft.com in the browser. If you are heard there, tell us: the fault is in the app, not in the microphone.`, [3]int{34, 25, 12}},
	{"OneDrive for Business", "Libérer de la place avec OneDrive", `Deux places différentes peuvent manquer.

Sur l’ordinateur : dans l’Explorateur, faites un clic droit sur un dossier de OneDrive et choisissez « Libérer de l’espace ». Les fichiers restent en ligne, avec un petit nuage à côté de leur nom, et reviennent quand vous les ouvrez.

Dans OneDrive lui-même :
- Videz la corbeille sur le site de OneDrive : ce qu’elle garde compte encore.
- Les anciennes versions d’un gros fichier comptent aussi. Ouvrez son historique des versions et supprimez les plus vieilles.
- Ne supprimez pas un fichier de l’ordinateur pour gagner de la place : il disparaît aussi en ligne, et pour vos collègues.`,
		"Free up space with OneDrive", `Two different places can be full.

On the computer: in File Explorer, right-click a OneDrive folder and choose “Free up space”. The files stay online, with a small cloud beside their name, and come back when you open them.

In OneDrive itself:
- Empty the recycle bin on the OneDrive website: what it keeps still counts.
- Older versions of a large file count too. Open its version history and delete the oldest.
- Do not delete a file on the computer to gain space: it goes online as well, and for your colleagues.`, [3]int{21, 14, 8}},
	{"Microsoft Entra", "Nouveau téléphone : changer la double authentification", `Vous avez encore l’ancien téléphone, ou une autre méthode qui marche :
1. Ouvrez https://mysignins.microsoft.com/security-info et connectez-vous.
2. Ajoutez une méthode de connexion, et choisissez l’application Microsoft Authenticator.
3. Installez l’application sur le nouveau téléphone et lisez le code affiché.
4. Une fois la nouvelle méthode essayée, supprimez l’ancienne.

Vous n’avez plus rien ? Appelez-nous. Nous vérifions que c’est bien vous, puis nous vous laissons enregistrer une nouvelle méthode. Personne chez nous ne vous demandera jamais votre mot de passe, ni un code reçu.`,
		"New phone: change how you verify your sign-in", `You still have the old phone, or another method that works:
1. Open https://mysignins.microsoft.com/security-info and sign in.
2. Add a sign-in method, and choose the Microsoft Authenticator app.
3. Install the app on the new phone and scan the code shown.
4. Once you have tried the new method, delete the old one.

Nothing left that works? Call us. We make sure that it is you, then let you register a new method. Nobody here will ever ask for your password, or for a code that you received.`, [3]int{29, 20, 7}},
	{"Licensing and billing", "Qui peut acheter des licences, et quand les retirer", `Vos abonnements passent par nous. Toute personne de votre entreprise peut demander un changement avec le formulaire des abonnements ; la commande d’un contact attend l’accord d’un responsable.

Ce que Microsoft impose :
- On ajoute des licences à tout moment.
- On résilie, ou on retire des licences, dans les 7 jours calendaires après l’achat ou le renouvellement. Ensuite, il faut attendre le renouvellement.
- Un engagement d’un an coûte moins cher au mois, mais il se paie jusqu’au bout.

Une personne quitte l’entreprise ? Sa licence se réattribue aussitôt à une autre, sans rien commander.`,
		"Who may buy licences, and when they can be removed", `Your subscriptions go through us. Anybody in your company can ask for a change with the subscription form; a contact’s order waits for a manager’s approval.

What Microsoft requires:
- Licences can be added at any time.
- A subscription is cancelled, or licences removed, within 7 calendar days of the purchase or renewal. After that it has to wait for the renewal.
- A commitment of one year costs less by the month, but it is paid to its end.

Is somebody leaving the company? The licence can go to somebody else at once, with nothing to order.`, [3]int{17, 9, 4}},
	{"Exchange Online", "Des courriels arrivent dans les indésirables", `Ce que vous recevez :
1. Ouvrez le dossier « Courrier indésirable », faites un clic droit sur le message et indiquez qu’il est légitime : Outlook apprend.
2. Un message manque tout à fait ? Cherchez-le en quarantaine : https://security.microsoft.com/quarantine

Ce que vous envoyez et que d’autres rangent là :
- Dites-nous depuis quand, et vers qui. Nous vérifions les réglages SPF, DKIM et DMARC de votre domaine.
- Si un autre logiciel envoie à votre nom (factures, lettres d’information), dites lequel : c’est souvent lui qui manque dans ces réglages.
- Joignez un message reçu, enregistré comme fichier : ses en-têtes disent pourquoi.`,
		"Mail ends up in the junk folder", `What you receive:
1. Open the junk e-mail folder, right-click the message and report it as not junk: Outlook learns.
2. Is a message missing altogether? Look for it in quarantine: https://security.microsoft.com/quarantine

What you send and others find there:
- Tell us since when, and to whom. We check the SPF, DKIM and DMARC settings of your domain.
- If another program sends in your name (invoices, newsletters), say which: it is often the one that those settings lack.
- Attach a received message, saved as a file: its headers say why.`, [3]int{26, 15, 5}},
	{"SharePoint Online", "Récupérer un fichier supprimé de SharePoint", `Vous avez 93 jours à partir de la suppression.
1. Ouvrez le site, puis sa Corbeille, dans le menu de gauche ou dans « Contenu du site ».
2. Cochez le fichier et choisissez Restaurer : il revient à sa place, avec ses versions.
3. Il n’y est plus ? Un propriétaire du site ouvre la corbeille secondaire, tout en bas de la page : ce qui a été vidé y reste jusqu’à la fin des 93 jours.

Le fichier est là, mais son contenu a été écrasé ? Clic droit, Historique des versions : reprenez une version d’avant.

Un dossier entier a changé ? Un propriétaire peut ramener toute la bibliothèque à un moment des 30 derniers jours. Demandez-nous avant : tout ce qui a été fait depuis est défait.`,
		"Restore a file deleted from SharePoint", `You have 93 days from when it was deleted.
1. Open the site, then its Recycle bin, in the menu on the left or in Site contents.
2. Tick the file and choose Restore: it goes back to its place, with its versions.
3. Not there any more? A site owner opens the second-stage recycle bin, at the very bottom of the page: what was emptied stays there until the 93 days are over.

Is the file there, but its content overwritten? Right-click, Version history: go back to an earlier version.

Has a whole folder changed? An owner can bring the whole library back to a moment of the last 30 days. Ask us first: everything done since then is undone.`, [3]int{19, 13, 10}},
	{"Exchange Online", "Outlook reste hors connexion", `Rien n’arrive et rien ne part, mais le web marche :
1. En bas de la fenêtre d’Outlook classique, lisez l’état : « Travail hors connexion » ou « Déconnecté ».
2. Dans l’onglet Envoi/réception, appuyez sur « Travailler hors connexion » : le bouton ne doit pas rester enfoncé.
3. Fermez Outlook tout à fait, attendez une minute, rouvrez-le.
4. Un VPN tourne ? Coupez-le un instant et réessayez.

Essayez aussi https://outlook.office.com dans le navigateur. Si le courrier s’y trouve, vous pouvez travailler tout de suite ; dites-nous ce que vous avez lu au premier point.`,
		"Outlook stays offline", `Nothing comes in and nothing goes out, yet the web works:
1. At the bottom of the classic Outlook window, read the status: “Working Offline” or “Disconnected”.
2. On the Send/Receive tab, press “Work Offline”: the button must not stay pressed.
3. Close Outlook completely, wait a minute, open it again.
4. Is a VPN running? Switch it off for a moment and try again.

Also try https://outlook.office.com in the browser. If your mail is there you can work at once; tell us what you read in the first step.`, [3]int{15, 11, 8}},
	{"Microsoft Teams", "Inviter une personne extérieure dans une équipe", `À écrire : les droits des invités, et qui peut inviter.`, "", "", [3]int{}},
}
