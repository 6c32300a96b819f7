/** The models that Kith recommends: offering, fetching and going over to them. */
export default {
  'recommended.title': 'Better recognition',
  'recommended.offer_one':
    'One small download, {{size}}, from its public address. Nothing else is ever sent or fetched.',
  'recommended.offer_other':
    'Two small downloads, {{size}}, from their public addresses. Nothing else is ever sent or fetched.',
  'recommended.research': '{{title}} is licensed for research use only.',
  'recommended.get': 'Download',
  'recommended.not-now': 'Not now',
  'recommended.later': 'You find it in Settings whenever you want it.',
  'recommended.what': 'What exactly?',
  'recommended.licence': 'Licence: {{licence}}',
  'recommended.fetching': '{{done}} of {{total}}',
  'recommended.fetching-at': '{{done}} of {{total}}, {{rate}} a second',
  'recommended.waiting': 'The connection broke. Kith tries again…',
  'recommended.installing': 'Checking what came…',
  'recommended.stop': 'Stop',
  'recommended.offline':
    'The download failed. Check the connection, then try again; what came is kept. Until then Kith goes on with the models that it came with.',
  'recommended.wrong':
    'What came is not the published file, so it was thrown away. Try again, or on another network. Until then Kith goes on with the models that it came with.',
  'recommended.next': 'They are here. Once this scan is done, Kith looks at your photos again with them.',
  'recommended.in-use': 'They are here, and in use from now on.',
  'recommended.over': 'Kith looks at your photos again with the better models. You can go on naming.',
  'recommended.behind': 'Your library was not brought over to the models in use yet.',
  'recommended.bring-over': 'Bring it over',
} as const;
