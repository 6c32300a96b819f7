import type { Translated } from '../catalog.ts';
import type en from '../en/recommended.ts';

export default {
  'recommended.title': 'Bessere Erkennung',
  'recommended.offer_one':
    'Eine kleine Datei, {{size}}, von ihrer öffentlichen Adresse. Sonst wird nie etwas gesendet oder geholt.',
  'recommended.offer_other':
    'Zwei kleine Dateien, {{size}}, von ihren öffentlichen Adressen. Sonst wird nie etwas gesendet oder geholt.',
  'recommended.research': '{{title}} ist nur für Forschung lizenziert.',
  'recommended.get': 'Herunterladen',
  'recommended.not-now': 'Jetzt nicht',
  'recommended.later': 'Du findest es jederzeit in den Einstellungen.',
  'recommended.what': 'Was genau?',
  'recommended.licence': 'Lizenz: {{licence}}',
  'recommended.fetching': '{{done}} von {{total}}',
  'recommended.fetching-at': '{{done}} von {{total}}, {{rate}} pro Sekunde',
  'recommended.waiting': 'Die Verbindung ist abgerissen. Kith versucht es noch einmal…',
  'recommended.installing': 'Wird geprüft…',
  'recommended.stop': 'Anhalten',
  'recommended.offline':
    'Das Herunterladen ist gescheitert. Prüf die Verbindung und versuch es noch einmal; was da ist, bleibt. Bis dahin arbeitet Kith mit den Modellen weiter, die es mitbringt.',
  'recommended.wrong':
    'Was ankam, ist nicht die veröffentlichte Datei; es wurde verworfen. Versuch es noch einmal oder in einem anderen Netz. Bis dahin arbeitet Kith mit den Modellen weiter, die es mitbringt.',
  'recommended.next': 'Sie sind da. Nach diesem Durchgang sieht Kith deine Fotos noch einmal mit ihnen an.',
  'recommended.in-use': 'Sie sind da und ab jetzt in Gebrauch.',
  'recommended.over':
    'Kith sieht deine Fotos noch einmal mit den besseren Modellen an. Du kannst weiter benennen.',
  'recommended.behind': 'Deine Bibliothek ist noch nicht auf die benutzten Modelle umgestellt.',
  'recommended.bring-over': 'Umstellen',
} satisfies Translated<typeof en>;
