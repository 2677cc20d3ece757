"""Words of numbers, scales, units and currencies, by language. All but the numbers are written as plain text."""

NUMBERS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen",
    "de": "null eins zwei/zweier/zweien/zwo drei/dreier/dreien vier fünf/fuenf sechs sieben acht neun zehn elf"
    " zwölf/zwoelf dreizehn vierzehn fünfzehn/fuenfzehn sechzehn siebzehn achtzehn neunzehn",
    "fr": "zéro/zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"
    " dieciséis/dieciseis diecisiete dieciocho diecinueve",
    "it": "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici"
    " diciassette diciotto diciannove",
    "pl": "zero jeden dwa/dwie/dwaj/dwóch/dwoch/dwu/dwom/dwóm/dwoma/dwiema trzy/trzej/trzech/trzem/trzema"
    " cztery/czterej/czterech/czterem/czterema pięć/piec/pięciu/pieciu/pięcioma sześć/szesc/sześciu/szesciu"
    " siedem/siedmiu osiem/ośmiu/osmiu dziewięć/dziewiec/dziewięciu/dziewieciu"
    " dziesięć/dziesiec/dziesięciu/dziesieciu jedenaście/jedenascie/jedenastu dwanaście/dwanascie/dwunastu"
    " trzynaście/trzynastu czternaście/czternastu piętnaście/piętnastu szesnaście/szesnastu siedemnaście/siedemnastu"
    " osiemnaście/osiemnastu dziewiętnaście/dziewiętnastu",
    "nl": "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien"
    " achttien negentien",
    "pt": "zero um dois/duas três/tres quatro cinco seis sete oito nove dez onze doze treze catorze/quatorze quinze"
    " dezasseis/dezesseis dezassete/dezessete dezoito dezanove/dezenove",
}
"""From zero on, `/` between the forms of one number. Accents count: “très” is no three."""

AMBIGUOUS = frozenset(
    ["one", "un", "uno", "um", "een", "eins", "jeden", "null", "nul", "sei", "dix", "once", "onze", "seize"]
)
"""Words that are also articles, pronouns, verbs or something else: never counted as numbers."""

TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "de": "zwanzig dreißig/dreissig vierzig fünfzig/fuenfzig sechzig siebzig achtzig neunzig",
    "fr": "vingt trente quarante cinquante soixante",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "it": "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
    "pl": "dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt"
    " dziewięćdziesiąt",
    "nl": "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
    "pt": "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
}
"""From twenty on by tens."""

SCALES = {
    2: "hundred hundert",
    3: "thousand tausend tsd mille mila mil duizend tysiac tysiace tysiecy tys k",
    6: "million millions millionen mio mln m milione milioni millon millones milion miliony milionow miliona milionach"
    " miljoen milhao milhoes",
    9: "billion billions bn milliarde milliarden mrd milliard milliards miliardo miliardi miliard miliardy miliardow"
    " mld miljard",
}
"""By powers of ten."""

UNITS = {
    "year": r"years? yrs? jahre?[ns]? jahrig\w* ans? annees? anos? ann[oi] lat(?:a|ami|ach|om)? rok(?:u|iem)? letni\w*"
    r" jaar jaren",
    "month": r"months? monat(?:e[ns]?|s)? monatig\w* mois mes(?:es|i|e)? miesiac(?:a|e|u|ach|ami|om)? miesiecy"
    r" miesieczn\w* maand(?:en)? mo",
    "week": r"weeks? wochen? semaines? semanas? settiman[ae] tygodni(?:e|a|u|ach|ami)? tydzien weken",
    "day": r"days? tag(?:e[ns]?|s)? jours? dias? giorn[oi] dni(?:a|u|ach|ami)? dzien dag(?:en)?",
    "hour": r"hours? stunden? heures? horas? or[ae] godzin(?:a|y|e|ach|ami)? uur uren",
}

PERCENT = r"%|per ?cent\b|prozent\w*|pour ?cent\b|por ?cien(?:to)?\b|por ?cento\b|per ?cento\b|procent\w*"

CURRENCIES = r"€|\$|£|eur|usd|gbp|pln|chf|czk|dkk|huf|euros?|eura|dollars?|pounds?|zl|zlot(?:y|e|ych)"

MONTHS = {
    "jaenner": 1, "janner": 1, "feber": 2, "maerz": 3, "styczniu": 1, "lutym": 2, "marcu": 3, "kwietniu": 4, "maju": 5,
    "czerwcu": 6, "lipcu": 7, "sierpniu": 8, "wrzesniu": 9, "pazdzierniku": 10, "listopadzie": 11, "grudniu": 12,
}  # fmt: skip
"""Forms of months that the Unicode CLDR lacks."""
