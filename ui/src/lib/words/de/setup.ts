/** German for setting a profile up. */
import type { setup as english } from '../en/setup';
import type { Formats } from '../formats';

export function setup(f: Formats): ReturnType<typeof english> {
  return {
    form: {
      firstTitle: 'Mit Ihrem Okta verbinden',
      title: 'Profil hinzufügen',
      editTitle: 'Profil bearbeiten',
      editLead: 'Mit neuem Namen, neuen Scopes oder neuer Redirect URI bleiben Sie angemeldet.',
      scopes: 'Scopes',
      scopesHint: 'Durch Leerzeichen getrennt. Leer werden die üblichen verlangt.',
      saveEdit: 'Speichern',
      import: {
        summary: 'Aus einem Link, Text oder einer Datei ausfüllen',
        label: 'Link oder Text eines Profils',
        fill: 'Ausfüllen',
        file: 'Oder die Datei eines Profils',
        filled: 'Das kommt von jemand anderem. Prüfen Sie den Host unten, bevor Sie speichern.',
      },
      lead: 'Zwei Angaben von Ihrem Admin genügen.',
      issuer: 'Issuer',
      clientId: 'Client ID',
      redirectUri: 'Redirect URI',
      redirectHint: 'Muss buchstäblich so in den Sign-in redirect URIs der App stehen.',
      name: 'Name',
      optional: 'freiwillig',
      nameHint: 'Wie es hier heißen soll. Leer wird es nach dem Issuer benannt.',
      checking: 'Wird geprüft…',
      confirmBefore: 'Sie melden sich an bei ',
      confirmAfter: '. Ihre Client ID geht nur dorthin.',
      save: 'Speichern und anmelden',
      cancel: 'Abbrechen',
      missing: { issuer: 'Der Issuer fehlt.', client_id: 'Die Client ID fehlt.' },
      status: { unknown: '', good: 'Gut', note: 'Hinweis', bad: 'Nicht brauchbar' },
    },

    clientKeys: {
      titles: { secret: 'Client Secret', key: 'Schlüsselpaar des Clients' },
      kept: {
        secret: (n) => (n === 0 ? 'Es ist kein Client Secret aufgehoben.' : `${f.count(n, { one: 'Secret', other: 'Secrets' })} aufgehoben.`),
        key: (n) => (n === 0 ? 'Es gibt kein Schlüsselpaar.' : `${f.count(n, { one: 'Schlüsselpaar', other: 'Schlüsselpaare' })} aufgehoben.`),
      },
      without: {
        secret: 'Ohne eines lehnt Okta die Anmeldung ab.',
        key: 'Ohne eines lehnt Okta die Anmeldung ab.',
      },
      rotation: 'Das alte bleibt, bis das neue funktioniert hat.',
      take: 'Das Secret aus der Zwischenablage nehmen',
      takeHint:
        'Kopieren Sie zuerst das Client Secret bei Okta. Gatepass nimmt es aus der Zwischenablage, die danach leer ist, und hebt es bei Ihren Sitzungen auf; in dieses Fenster kommt es nie. Ein altes bleibt, bis das neue funktioniert hat.',
      makeFirst: 'Ein Schlüsselpaar erzeugen',
      makeNext: 'Den nächsten Schlüssel erzeugen',
      makeHint: 'Die private Hälfte bleibt bei Ihren Sitzungen und wird niemandem gezeigt. Ein Okta-Admin fügt die öffentliche ein unter',
      path: 'Applications → diese App → General → Client Credentials → Public keys',
      nextHint: 'Wenn Sie den nächsten Schlüssel erzeugen, bleibt der alte, bis der neue funktioniert hat.',
      publicKey: 'Öffentlicher Schlüssel als JWK',
      copy: 'Öffentlichen Schlüssel kopieren',
    },

    apiToken: {
      title: 'API-Token eines Okta-Admins',
      kept: 'Eines ist hinterlegt. Es geht nur an Okta, nach jeder Anmeldung und Erneuerung.',
      none: 'Keines ist hinterlegt.',
      warning:
        'Wer ein API-Token hat, darf bei Okta alles, was der Admin darf, der es erstellt hat. Es gehört auf keinen Computer, den andere benutzen. Nur dieser Admin soll hier eines hinterlegen, und niemand soll Sie um eines bitten.',
      take: 'Ein API-Token aus der Zwischenablage übernehmen',
      ask: {
        title: 'Das API-Token eines Admins auf diesem Computer behalten?',
        line: 'Es bleibt im Schlüsselbund und darf bei Okta alles, was Sie dürfen, solange es einmal im Monat benutzt wird. Ein Gruppen-Claim braucht keines.',
        does: 'Ich bin dieser Admin: übernehmen',
      },
      forget: 'Vergessen',
    },

    presets: {
      label: 'Wofür das Profil ist',
      other: 'Eine andere Okta-App',
      admin: 'Was ein Okta-Admin dafür tut',
      needsOwnApp: (system) =>
        `Die App, die ${system} bei Okta hat, ist eine Web-App, deren Secret seinem Server gehört. Gatepass braucht darum eine eigene Native App.`,
      nativeApp: (redirectUri) =>
        `Applications → Create App Integration: OIDC, Native Application, mit Authorization Code und Refresh Token. Ihre Sign-in redirect URI ist ${redirectUri}`,
      steps: {
        mongodb: [
          'Security → API → Add Authorization Server: Seine Audience ist die Client ID, seine Metadata URI nennt den Issuer.',
          'Dort Claims: einer für das Access Token, vom Typ Groups, passend zum regulären Ausdruck .* in jedem Scope. Ein anderer Name als groups gehört unter Weitere Optionen.',
          'Dort Access Policies: eine für All clients, mit einer Regel für Authorization Code.',
        ],
        openmetadata: [
          'Security → API → der Authorization Server von OpenMetadata → Settings: Issuer von Dynamic auf Okta URL. Die Metadata URI nennt den Issuer.',
          'Dort Access Policies: die Policy auch der Native App zuweisen.',
        ],
        kong: [
          'Controlled access: Skip group assignment for now; danach die Personen zuweisen, wie in der App von Kong.',
          'Security → API → der Authorization Server von Kong: Die Metadata URI nennt den Issuer. Dort Access Policies: die Policy auch der Native App zuweisen.',
        ],
        pomerium: [
          'Sign On → OpenID Connect ID Token: ein Groups claim namens groups, passend zum regulären Ausdruck .*',
          'Der Issuer ist die Adresse der Organisation, ohne -admin. Das API-Token bleibt bei Pomerium.',
        ],
        other: [
          'Client authentication: None. Die Personen zuweisen.',
        ],
      },
    },

    options: {
      summary: 'Weitere Optionen',
      someSet: 'einige sind gesetzt',
      labels: {
        client_authentication: 'Wie sich die App bei Okta ausweist',
        dpop: 'Tokens an einen Schlüssel dieses Computers binden',
        push: 'Die Anfrage Okta vor dem Browser übergeben',
        silent_first: 'Zuerst ohne Seite versuchen',
        sign_in_with: 'Anmelden mit der Sitzung von',
        prompt: 'Was Okta Ihnen zeigen muss',
        acr_values: 'Wie stark Sie zeigen müssen, wer Sie sind',
        max_age: 'Wie alt eine Anmeldung bei Okta sein darf, in Sekunden',
        response_mode: 'Wie der Browser die Antwort zurückbringt',
        groups_from: 'Wo Ihre Gruppen stehen',
        groups_claim: 'Claim, der Ihre Gruppen nennt',
        further_audiences: 'Weitere Audiences',
      },
      hints: {
        client_authentication:
          'Ein Programm auf Ihrem Computer kann kein Geheimnis wahren, das nicht Ihres ist; eine Native App braucht darum keines.',
        provesItself: 'Speichern Sie zuerst: Womit sie sich ausweist, wird dann beim Profil eingerichtet.',
        dpop: 'Ein gestohlenes Token ist dann nutzlos, und eine Antwort, die nicht gebunden ist, wird abgelehnt.',
        push: 'Dann steht nichts davon in der Adresse des Browsers.',
        silent_first: 'Wenn Sie klicken, falls Sie bei Okta noch angemeldet sind. Nie von selbst.',
        sign_in_with:
          'Beim Klick zuerst versucht, ohne Browser. Jenes Profil muss mit dem Scope device_sso angemeldet sein, und diese App braucht bei Okta den Grant Token Exchange.',
        acr_values: 'Durch Leerzeichen getrennt, so wie Ihr Admin sie nennt.',
        max_age: 'Leer: beliebig.',
        response_mode: 'Ein Formular braucht eine Redirect URI auf diesem Computer.',
        groups_claim: 'Leer: groups.',
        further_audiences:
          'Eine je Zeile: Issuer eines anderen Authorization Servers Ihrer Organisation, Audience, Scopes. Tokens dafür gibt es im Tausch gegen das dieser Sitzung, wenn Okta das für die App tut.',
        groups_from: {
          okta_api:
            'Mit Ihrem eigenen Token: nur beim Org Authorization Server, mit okta.users.read unter den Scopes, und wenn Sie Okta-Administrator sind. Sie nennt auch die IDs.',
          okta_api_token:
            'Ein API-Token darf alles, was der Admin darf, der es erstellt hat. Nur dieser Admin hinterlegt es, und ohne ist besser: Ein Gruppen-Claim nennt allen ihre Gruppen. Speichern Sie zuerst.',
        },
      },
      noSession: 'Keinem: immer im Browser',
      choices: {
        client_authentication: {
          none: 'Gar nicht (empfohlen)',
          client_secret_basic: 'Client Secret im Header (client_secret_basic)',
          client_secret_post: 'Client Secret im Body (client_secret_post)',
          private_key_jwt: 'Schlüsselpaar (private_key_jwt)',
        },
        response_mode: { query: 'In der Adresse (query)', form_post: 'In einem Formular (form_post)' },
        prompt: {
          '': 'Was Okta für richtig hält',
          login: 'Die Anmeldeseite, jedes Mal (login)',
          consent: 'Die Frage nach der Einwilligung, jedes Mal (consent)',
          'login consent': 'Beides, jedes Mal (login consent)',
        },
        groups_from: {
          tokens: 'In einem der Tokens',
          id_token: 'Im ID Token',
          access_token: 'Im Access Token',
          userinfo: 'Beim UserInfo-Endpunkt',
          okta_api: 'Bei Oktas API, für Administratoren',
          okta_api_token: 'Bei Oktas API, mit dem API-Token eines Admins (nicht empfohlen)',
        },
      },
    },
  };
}
