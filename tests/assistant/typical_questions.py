"""Typical questions in each language, in full and terse, with and without accents, and what is asked with them.

After the bar stands what is understood: `yes_no`, `list`, `who`, `oneself` (for the own organisation), `deadline`,
`still_open`, `may_apply`, the kind of value expected, and the priorities as `P2`. Nothing else may be.
"""

QUESTIONS = """
[en]
What is the deadline? | deadline date
by when do we have to submit | oneself deadline date
Can we still apply? | yes_no oneself still_open
Is the call still open? | yes_no still_open
Can an NGO be a partner in a priority 1 network? | yes_no may_apply P1
we are a city, are we eligible? | yes_no oneself may_apply
Who may apply? | may_apply who
How long may a project under the second priority last? | duration P2
What is the total budget? | money
How many partners are needed under priority three? | number P3
What is the co-financing rate? | percent
Which areas of integration does strand 1 cover? | list P1
When did the call open? | date
What about priority 2, and the fifth one? | P2 P5
priorities 2 to 4 | P2 P3 P4
We need two priorities and three partners. | oneself
What does the first conference say? |
the fifth one |

[de]
Was ist die Frist? | deadline date
bis wann muss man einreichen | deadline date
Wann endet die Ausschreibung? | deadline date
Können wir uns noch bewerben? | yes_no oneself still_open
Koennen wir noch mitmachen | yes_no oneself still_open
Ist der Aufruf noch offen? | yes_no still_open
Ist die Frist schon abgelaufen? | yes_no deadline still_open date
Darf eine NGO Partner in einem Netzwerk der Priorität 1 sein? | yes_no may_apply P1
duerfen gemeinnuetzige Vereine einen Antrag stellen? | yes_no may_apply
Guten Tag, sind wir als Stadt förderfähig? | yes_no oneself may_apply
Wir sind ein Verein. Dürfen wir mitmachen? | yes_no oneself may_apply
Ich wüsste gern, ob Kommunen teilnehmen dürfen. | yes_no may_apply
wir können als Gemeinde teilnehmen? | yes_no oneself may_apply
Wer darf einen Antrag stellen? | may_apply who
Wie lange darf ein Projekt in der zweiten Priorität dauern? | duration P2
Wie lang ist die Laufzeit? | duration
Wie hoch ist das Gesamtbudget? | money
wieviel Geld gibt es | money
Wie viele Partner braucht man für Priorität 2? | number P2
wieviele partner PRIORITAET 3 | number P3
Wie hoch ist die Kofinanzierungsquote? | percent
Wieviel Prozent zahlt die EU? | percent
Welche Integrationsbereiche deckt Priorität 1 ab? | list P1
Welches sind die Ziele der Prioritäten 3 bis 5? | list P3 P4 P5
Wann wurde die Ausschreibung veröffentlicht? | date
Was fördert die 2. Priorität, und was die fünfte? | P2 P5
Prio 1 und P4 | P4
Muss jeder Partner eine PIC haben? | yes_no
Wie wird das Wetter morgen? |
Wir brauchen zwei Prioritäten im Leben. | oneself
Welche Stadt ist die erste im Alphabet? |
Wie heißt die Kommissarin? |
Was versteht man unter einem Minderjährigen? |
die fünfte |

[fr]
Quelle est la date limite ? | deadline date
avant quand faut-il déposer le dossier | deadline date
Jusqu'a quand peut-on candidater? | oneself deadline date
Peut-on encore candidater ? | yes_no oneself still_open
est-ce qu'on peut encore participer | yes_no oneself still_open
L'appel est-il toujours ouvert ? | yes_no still_open
La date limite est-elle déjà passée ? | yes_no deadline still_open date
Une ONG peut-elle être partenaire d'un réseau de la priorité 1 ? | yes_no may_apply P1
Bonjour, est-ce que les communes peuvent participer ? | yes_no may_apply
on peut être coordinateur? | yes_no oneself may_apply
NOUS SOMMES UNE VILLE. SOMMES-NOUS ELIGIBLES ? | yes_no oneself may_apply
Je voudrais savoir si les associations sont éligibles. | yes_no may_apply
Qui peut participer ? | may_apply who
Quelle est la durée maximale d'un projet de la priorité n° 2 ? | duration P2
combien de temps peut durer un projet | duration
Quel est le budget total de l'appel ? | money
quel montant maximum pour la 3e priorité | money P3
Combien de partenaires faut-il pour la deuxième priorité ? | number P2
Quel est le taux de cofinancement ? | percent
quel pourcentage paie l'UE | percent
Quels domaines couvre la priorité 1 ? | list P1
Quels sont les objectifs des priorités 3 à 5 ? | list P3 P4 P5
Quand l'appel a-t-il été publié ? | date
Que soutient la première priorité, et la cinquième ? | P1 P5
Faut-il un compte EU Login ? | yes_no
Quel temps fera-t-il demain ? |
Deux priorités suffisent. |
Quelle ville vient en premier ? |
Qu'est-ce qu'un mineur non accompagné ? |
Qui a signé le règlement ? | who
la cinquième |

[es]
¿Cuál es la fecha límite? | deadline date
hasta cuando se puede presentar la solicitud | deadline date
¿Cuándo se cierra la convocatoria? | deadline date
¿Todavía podemos presentarnos? | yes_no oneself still_open
se puede participar todavia | yes_no still_open
¿Está abierta todavía la convocatoria? | yes_no still_open
¿Ya ha terminado el plazo? | yes_no deadline still_open date
¿Puede una ONG ser socia de una red de la prioridad 1? | yes_no may_apply P1
pueden participar los ayuntamientos | yes_no may_apply
Somos un municipio. ¿Podemos participar? | yes_no oneself may_apply
Hola, ¿somos elegibles? | yes_no oneself may_apply
Quisiera saber si las asociaciones pueden participar. | yes_no may_apply
¿Quién puede participar? | may_apply who
¿Cuánto tiempo puede durar un proyecto de la segunda prioridad? | duration P2
duracion maxima | duration
¿Cuál es el presupuesto total? | money
importe maximo de la 4ª prioridad | money P4
¿Cuántos socios hacen falta para la prioridad tres? | number P3
¿Cuál es la tasa de cofinanciación? | percent
que porcentaje paga la UE | percent
¿Qué ámbitos de integración cubre la prioridad 1? | list P1
¿Cuáles son los objetivos de las prioridades 3 a 5? | list P3 P4 P5
¿Cuándo se publicó la convocatoria? | date
¿Qué financia la primera prioridad, y la quinta? | P1 P5
¿Hace falta un código PIC? | yes_no
¿Qué tiempo hará mañana? |
Dos prioridades bastan. |
¿Qué ciudad fue la primera? |
¿Qué es un menor no acompañado? |
¿Quién firmó el reglamento? | who
la quinta |

[it]
Qual è la scadenza? | deadline date
entro quando bisogna presentare la proposta | deadline date
Quando scade il bando? | deadline date
Possiamo ancora candidarci? | yes_no oneself still_open
siamo ancora in tempo? | yes_no oneself still_open
Il bando è ancora aperto? | yes_no still_open
Una ONG può essere partner di una rete della priorità 1? | yes_no may_apply P1
puo partecipare un comune | yes_no may_apply
Siamo un'associazione. Possiamo partecipare? | yes_no oneself may_apply
Buongiorno, siamo ammissibili? | yes_no oneself may_apply
Vorrei sapere se le scuole possono partecipare. | yes_no may_apply
Chi può partecipare? | may_apply who
Quanto può durare un progetto della seconda priorità? | duration P2
durata massima | duration
Qual è il budget totale? | money
importo massimo priorita 4 | money P4
Quanti partner servono per la priorità tre? | number P3
Qual è il tasso di cofinanziamento? | percent
che percentuale paga l'UE | percent
Quali ambiti di integrazione copre la priorità n. 1? | list P1
Quali sono gli obiettivi delle priorità da 3 a 5? | list P3 P4 P5
Quando è stato pubblicato il bando? | date
Cosa finanzia la prima priorità, e la quinta? | P1 P5
Serve un codice PIC? | yes_no
Che tempo farà domani? |
Due priorità bastano. |
Quale città è la prima? |
Cosa si intende per minore non accompagnato? |
Chi ha firmato il regolamento? | who
la quinta |

[pl]
Jaki jest termin składania wniosków? | deadline date
do kiedy trzeba zlozyc wniosek | deadline date
Kiedy zamyka się nabór? | deadline date
Czy możemy jeszcze złożyć wniosek? | yes_no oneself still_open
czy mozna jeszcze aplikowac | yes_no still_open
Czy nabór jest jeszcze otwarty? | yes_no still_open
Czy termin już minął? | yes_no deadline still_open date
Czy organizacja pozarządowa może być partnerem w sieci w ramach priorytetu 1? | yes_no may_apply P1
czy gmina moze aplikowac | yes_no may_apply
Jesteśmy miastem. Czy możemy wziąć udział? | yes_no oneself may_apply
możemy być koordynatorem? | yes_no oneself may_apply
Dzień dobry, czy kwalifikujemy się? | yes_no oneself may_apply
Kto może złożyć wniosek? | may_apply who
Jak długo może trwać projekt w ramach drugiego priorytetu? | duration P2
maksymalny czas trwania projektu | duration
Jaki jest całkowity budżet naboru? | money
maksymalna kwota dotacji priorytet 4 | money P4
Ilu partnerów potrzeba w priorytecie nr 3? | number P3
Jaki jest poziom dofinansowania? | percent
ile procent placi UE | percent
Jakie obszary integracji obejmuje priorytet pierwszy? | list P1
Jakie są cele priorytetów od 3 do 5? | list P3 P4 P5
Kiedy ogłoszono nabór? | date
Co wspiera pierwszy priorytet, a co piąty? | P1 P5
budżet piątego priorytetu | money P5
Czy wymagana jest gwarancja bankowa? | yes_no
Jaka będzie jutro pogoda? |
Dwa priorytety wystarczą. |
Które miasto jest pierwsze? |
Co to jest małoletni bez opieki? |
Kto podpisał rozporządzenie? | who
piąty |
"""


def typical_questions() -> list[tuple[str, str, set[str]]]:
    """Language, question, and what is understood."""
    found: list[tuple[str, str, set[str]]] = []
    language = ""
    for line in filter(None, QUESTIONS.splitlines()):
        if line.startswith("["):
            language = line.strip("[]")
        else:
            question, _, understood = line.partition("|")
            found.append((language, question.strip(), set(understood.split())))
    return found
