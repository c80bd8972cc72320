<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>Describe</name>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 min %2 s</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 h %2 min</translation>
    </message>
    <message>
        <source>%1 k</source>
        <translation>%1 Tsd.</translation>
    </message>
    <message>
        <source>%1 M</source>
        <translation>%1 Mio.</translation>
    </message>
    <message>
        <source>%1 stage. %2</source>
        <translation>Stufe %1. %2</translation>
    </message>
    <message>
        <source>, turn %1 of at most %2</source>
        <translation>, Runde %1 von höchstens %2</translation>
    </message>
    <message>
        <source>, %1</source>
        <translation>, %1</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>The run is under way.</source>
        <translation>Der Lauf ist im Gange.</translation>
    </message>
    <message>
        <source>from the command line, %1</source>
        <translation>von der Befehlszeile, %1</translation>
    </message>
    <message>
        <source>for this session only</source>
        <translation>nur für diese Sitzung</translation>
    </message>
    <message>
        <source>from the environment variable %1</source>
        <translation>aus der Umgebungsvariable %1</translation>
    </message>
    <message>
        <source>from the file %1</source>
        <translation>aus der Datei %1</translation>
    </message>
    <message>
        <source>from the keychain</source>
        <translation>aus dem Schlüsselbund</translation>
    </message>
    <message>
        <source>default</source>
        <translation>Vorgabe</translation>
    </message>
</context>
<context>
    <name>ForkAtSheet</name>
    <message>
        <source>A new run takes over everything up to event %1 (%2) and goes its own way from there. This run stays as it is.</source>
        <translation>Ein neuer Lauf übernimmt alles bis Ereignis %1 (%2) und geht von dort seinen eigenen Weg. Dieser Lauf bleibt, wie er ist.</translation>
    </message>
    <message>
        <source>no file</source>
        <translation>keine Datei</translation>
    </message>
    <message>
        <source>Run again from here</source>
        <translation>Von hier wiederholen</translation>
    </message>
    <message>
        <source>&amp;Run again</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>What the agent shall do differently (optional)</source>
        <translation>Was der Agent anders machen soll (freiwillig)</translation>
    </message>
    <message>
        <source>&amp;Note</source>
        <translation>&amp;Hinweis</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Modell</translation>
    </message>
    <message>
        <source>&amp;Change file</source>
        <translation>&amp;Datei ändern</translation>
    </message>
    <message>
        <source>Its c&amp;ontent</source>
        <translation>Ihr &amp;Inhalt</translation>
    </message>
</context>
<context>
    <name>ForkSheet</name>
    <message>
        <source>A new run takes over everything before the stage and goes its own way from there. This run stays as it is. %1</source>
        <translation>Ein neuer Lauf übernimmt alles vor der Stufe und geht von dort seinen eigenen Weg. Dieser Lauf bleibt, wie er ist. %1</translation>
    </message>
    <message>
        <source>Last time these stages cost %1 and took %2.</source>
        <translation>Beim letzten Mal kosteten diese Stufen %1 und dauerten %2.</translation>
    </message>
    <message>
        <source>Run again from a stage</source>
        <translation>Ab einer Stufe wiederholen</translation>
    </message>
    <message>
        <source>&amp;Run again</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>What its agent shall do differently (optional)</source>
        <translation>Was ihr Agent anders machen soll (freiwillig)</translation>
    </message>
    <message>
        <source>From &amp;stage</source>
        <translation>Ab &amp;Stufe</translation>
    </message>
    <message>
        <source>&amp;Note</source>
        <translation>&amp;Hinweis</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Modell</translation>
    </message>
</context>
<context>
    <name>PreviewWords</name>
    <message>
        <source>A picture of %1 × %2 pixels is too big to show.</source>
        <translation>Ein Bild mit %1 × %2 Bildpunkten ist zu groß zum Anzeigen.</translation>
    </message>
    <message>
        <source>This picture cannot be read.</source>
        <translation>Dieses Bild lässt sich nicht lesen.</translation>
    </message>
    <message>
        <source>This file was in the other run only.</source>
        <translation>Diese Datei gab es nur im anderen Lauf.</translation>
    </message>
    <message>
        <source>A binary file; these are its first bytes.</source>
        <translation>Eine Binärdatei; dies sind ihre ersten Bytes.</translation>
    </message>
    <message>
        <source>Too big to colour.</source>
        <translation>Zu groß zum Einfärben.</translation>
    </message>
</context>
<context>
    <name>QObject</name>
    <message>
        <source>Fine</source>
        <translation>In Ordnung</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
    <message>
        <source>  … %1 more</source>
        <translation>  … %1 mehr</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>exit code %1</source>
        <translation>Rückgabewert %1</translation>
    </message>
    <message numerus="yes">
        <source>%n line(s)</source>
        <translation>
            <numerusform>%n Zeile</numerusform>
            <numerusform>%n Zeilen</numerusform>
        </translation>
    </message>
    <message>
        <source>… %1 characters before this
</source>
        <translation>… %1 Zeichen davor
</translation>
    </message>
    <message>
        <source>Passed</source>
        <translation>Bestanden</translation>
    </message>
    <message>
        <source>Waived</source>
        <translation>Erlassen</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>Übersprungen</translation>
    </message>
    <message>
        <source>Not checked</source>
        <translation>Nicht geprüft</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Pausiert</translation>
    </message>
    <message>
        <source>Interrupted</source>
        <translation>Unterbrochen</translation>
    </message>
</context>
<context>
    <name>SteerSheets</name>
    <message>
        <source>the run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Budget of %1: %2</source>
        <translation>Budget (%1): %2</translation>
    </message>
    <message>
        <source>Tokens of %1: %2</source>
        <translation>Token (%1): %2</translation>
    </message>
    <message>
        <source>Model calls of %1: %2</source>
        <translation>Modellaufrufe (%1): %2</translation>
    </message>
    <message>
        <source>Minutes of %1: %2</source>
        <translation>Minuten (%1): %2</translation>
    </message>
    <message>
        <source>Turns of %1: %2</source>
        <translation>Runden (%1): %2</translation>
    </message>
    <message>
        <source>Raise a limit</source>
        <translation>Eine Grenze anheben</translation>
    </message>
    <message>
        <source>The run may then use so much in all, what it has used already included. It holds from the next turn on.</source>
        <translation>So viel darf der Lauf dann insgesamt verbrauchen, das schon Verbrauchte eingerechnet. Es gilt ab der nächsten Runde.</translation>
    </message>
    <message>
        <source>&amp;Limit</source>
        <translation>&amp;Grenze</translation>
    </message>
    <message>
        <source>&amp;New value</source>
        <translation>&amp;Neuer Wert</translation>
    </message>
    <message>
        <source>Skip a stage</source>
        <translation>Eine Stufe überspringen</translation>
    </message>
    <message>
        <source>What runs of the stage ends with this turn, and the run goes on without it. It can then complete with waivers at best.</source>
        <translation>Was von der Stufe läuft, endet mit dieser Runde, und der Lauf geht ohne sie weiter. Er kann dann höchstens mit Ausnahmen abschließen.</translation>
    </message>
    <message>
        <source>&amp;Skip stage</source>
        <translation>Stufe über&amp;springen</translation>
    </message>
    <message>
        <source>S&amp;tage</source>
        <translation>S&amp;tufe</translation>
    </message>
    <message>
        <source>Send back</source>
        <translation>Zurückgeben</translation>
    </message>
    <message>
        <source>The stage begins anew and reads your words; the stages after it follow. The stage at work simply reads them with its next turn.</source>
        <translation>Die Stufe beginnt von vorn und liest Ihre Worte; die Stufen danach folgen. Die laufende Stufe liest sie einfach in ihrer nächsten Runde.</translation>
    </message>
    <message>
        <source>&amp;Send back</source>
        <translation>&amp;Zurückgeben</translation>
    </message>
    <message>
        <source>What shall change</source>
        <translation>Was sich ändern soll</translation>
    </message>
    <message>
        <source>&amp;Comment</source>
        <translation>Be&amp;merkung</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>Architecture</source>
        <translation>Architektur</translation>
    </message>
    <message>
        <source>Coding</source>
        <translation>Programmierung</translation>
    </message>
    <message>
        <source>Testing</source>
        <translation>Test</translation>
    </message>
    <message>
        <source>Deployment</source>
        <translation>Bereitstellung</translation>
    </message>
    <message>
        <source>Monitoring</source>
        <translation>Überwachung</translation>
    </message>
    <message>
        <source>Architecture review</source>
        <translation>Architekturprüfung</translation>
    </message>
    <message>
        <source>Code review</source>
        <translation>Codeprüfung</translation>
    </message>
    <message>
        <source>Quality review</source>
        <translation>Qualitätsprüfung</translation>
    </message>
    <message>
        <source>Not started</source>
        <translation>Nicht begonnen</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>Läuft</translation>
    </message>
    <message>
        <source>Checking</source>
        <translation>Wird geprüft</translation>
    </message>
    <message>
        <source>Repairing</source>
        <translation>Wird repariert</translation>
    </message>
    <message>
        <source>Waiting for you</source>
        <translation>Wartet auf Sie</translation>
    </message>
    <message>
        <source>Passed</source>
        <translation>Bestanden</translation>
    </message>
    <message>
        <source>Waived</source>
        <translation>Erlassen</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>Übersprungen</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Budget reached</source>
        <translation>Budget erreicht</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>Abgelehnt</translation>
    </message>
    <message>
        <source>Incomplete</source>
        <translation>Unvollständig</translation>
    </message>
    <message>
        <source>Completed</source>
        <translation>Abgeschlossen</translation>
    </message>
    <message>
        <source>Completed with waivers</source>
        <translation>Mit Ausnahmen abgeschlossen</translation>
    </message>
    <message>
        <source>Environment problem</source>
        <translation>Problem der Umgebung</translation>
    </message>
    <message>
        <source>Provider gave up</source>
        <translation>Anbieter hat aufgegeben</translation>
    </message>
    <message>
        <source>Waiting at a gate</source>
        <translation>Wartet an einer Freigabe</translation>
    </message>
    <message>
        <source>Invalid input</source>
        <translation>Ungültige Eingabe</translation>
    </message>
    <message>
        <source>Full</source>
        <translation>Vollständig</translation>
    </message>
    <message>
        <source>Stages</source>
        <translation>Stufen</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Prüfung</translation>
    </message>
</context>
<context>
    <name>aap</name>
    <message>
        <source>+ new</source>
        <translation>+ neu</translation>
    </message>
    <message>
        <source>there</source>
        <translation>da</translation>
    </message>
    <message>
        <source>− gone</source>
        <translation>− weg</translation>
    </message>
    <message>
        <source>~ changed</source>
        <translation>~ geändert</translation>
    </message>
    <message>
        <source>%1 · turn %2 · %3 · %4 of %5 checks passed</source>
        <translation>%1 · Runde %2 · %3 · %4 von %5 Prüfungen bestanden</translation>
    </message>
    <message>
        <source>Not finished</source>
        <translation>Nicht beendet</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>Tests passed</source>
        <translation>Tests bestanden</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>Kosten</translation>
    </message>
    <message>
        <source>Repairs</source>
        <translation>Reparaturen</translation>
    </message>
</context>
<context>
    <name>aap::ActionPalette</name>
    <message>
        <source>Find action</source>
        <translation>Aktion suchen</translation>
    </message>
    <message>
        <source>What do you want to do?</source>
        <translation>Was möchten Sie tun?</translation>
    </message>
    <message>
        <source>Words of the action</source>
        <translation>Wörter der Aktion</translation>
    </message>
    <message>
        <source>Actions that fit</source>
        <translation>Passende Aktionen</translation>
    </message>
    <message>
        <source>%1    (%2)</source>
        <comment>an action and its keys</comment>
        <translation>%1    (%2)</translation>
    </message>
</context>
<context>
    <name>aap::ArtifactsPage</name>
    <message>
        <source>New since the other run</source>
        <translation>Neu gegenüber dem anderen Lauf</translation>
    </message>
    <message>
        <source>Changed since the other run</source>
        <translation>Geändert gegenüber dem anderen Lauf</translation>
    </message>
    <message>
        <source>Gone since the other run</source>
        <translation>Gegenüber dem anderen Lauf verschwunden</translation>
    </message>
    <message>
        <source>The same as in the other run</source>
        <translation>Gleich wie im anderen Lauf</translation>
    </message>
    <message>
        <source>Open &amp;report in the browser</source>
        <translation>&amp;Bericht im Browser öffnen</translation>
    </message>
    <message>
        <source>Open f&amp;older</source>
        <translation>&amp;Ordner öffnen</translation>
    </message>
    <message>
        <source>&amp;Copy path</source>
        <translation>&amp;Pfad kopieren</translation>
    </message>
    <message>
        <source>Files of the run</source>
        <translation>Dateien des Laufs</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Filter the files</source>
        <translation>Dateien filtern</translation>
    </message>
    <message>
        <source>Run to compare with</source>
        <translation>Lauf zum Vergleichen</translation>
    </message>
    <message>
        <source>Compare with …</source>
        <translation>Vergleichen mit …</translation>
    </message>
    <message>
        <source>No files yet. They appear here as soon as a run begins.</source>
        <translation>Noch keine Dateien. Sie erscheinen hier, sobald ein Lauf beginnt.</translation>
    </message>
    <message>
        <source>REPORT.html, written by the program: no scripts, nothing is fetched</source>
        <translation>REPORT.html, vom Programm geschrieben: keine Skripte, nichts wird nachgeladen</translation>
    </message>
    <message>
        <source>Show where the files of the run lie</source>
        <translation>Zeigen, wo die Dateien des Laufs liegen</translation>
    </message>
    <message>
        <source>Copy the place of the chosen file</source>
        <translation>Den Ort der gewählten Datei kopieren</translation>
    </message>
    <message>
        <source>Select a file to read it.</source>
        <translation>Wählen Sie eine Datei, um sie zu lesen.</translation>
    </message>
</context>
<context>
    <name>aap::AttachmentsPanel</name>
    <message>
        <source>Drop files here, or attach them: samples, mock-ups, data. Agents find them in the folder attachments of the project.</source>
        <translation>Dateien hierher ziehen oder beilegen: Muster, Entwürfe, Daten. Agenten finden sie im Ordner attachments des Projekts.</translation>
    </message>
    <message>
        <source>Remo&amp;ve</source>
        <translation>En&amp;tfernen</translation>
    </message>
    <message>
        <source>Attached files</source>
        <translation>Beigelegte Dateien</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>To agents</source>
        <translation>Für Agenten</translation>
    </message>
    <message>
        <source>&amp;Add …</source>
        <translation>&amp;Beilegen …</translation>
    </message>
    <message>
        <source>Attach files (Ctrl+Shift+I)</source>
        <translation>Dateien beilegen (Strg+Umschalt+I)</translation>
    </message>
    <message>
        <source>Add f&amp;older …</source>
        <translation>&amp;Ordner …</translation>
    </message>
    <message>
        <source>Attach a folder with everything in it</source>
        <translation>Einen Ordner mit allem darin beilegen</translation>
    </message>
    <message>
        <source>Take it off the list (Delete); the file itself stays where it is</source>
        <translation>Von der Liste nehmen (Entf); die Datei selbst bleibt, wo sie ist</translation>
    </message>
    <message>
        <source>Attach files</source>
        <translation>Dateien beilegen</translation>
    </message>
    <message>
        <source>Attach a folder</source>
        <translation>Einen Ordner beilegen</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
    <message>
        <source>Attached</source>
        <translation>Beilagen</translation>
    </message>
    <message>
        <source>Attached (%1)</source>
        <translation>Beilagen (%1)</translation>
    </message>
    <message>
        <source>✗ not possible</source>
        <translation>✗ geht nicht</translation>
    </message>
    <message>
        <source>%1 files</source>
        <translation>%1 Dateien</translation>
    </message>
</context>
<context>
    <name>aap::ChangesPanel</name>
    <message>
        <source>Side &amp;by side</source>
        <translation>&amp;Nebeneinander</translation>
    </message>
    <message>
        <source>Whose changes</source>
        <translation>Wessen Änderungen</translation>
    </message>
    <message>
        <source>Nothing has changed yet.</source>
        <translation>Noch hat sich nichts geändert.</translation>
    </message>
    <message>
        <source>This run is played back: it has no files of its own.</source>
        <translation>Dieser Lauf wird nur abgespielt: Er hat keine eigenen Dateien.</translation>
    </message>
    <message>
        <source>All changes</source>
        <translation>Alle Änderungen</translation>
    </message>
    <message>
        <source>Nothing has changed.</source>
        <translation>Nichts hat sich geändert.</translation>
    </message>
    <message>
        <source>All changes up to here</source>
        <translation>Alle Änderungen bis hier</translation>
    </message>
</context>
<context>
    <name>aap::CompareView</name>
    <message>
        <source>&amp;Back to the history</source>
        <translation>&amp;Zurück zum Verlauf der Läufe</translation>
    </message>
    <message>
        <source>Differences</source>
        <translation>Unterschiede</translation>
    </message>
    <message>
        <source>Two runs compared</source>
        <translation>Zwei Läufe im Vergleich</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Ausgang</translation>
    </message>
    <message>
        <source>Stages</source>
        <translation>Stufen</translation>
    </message>
    <message>
        <source>No stage was reached.</source>
        <translation>Keine Stufe wurde erreicht.</translation>
    </message>
    <message>
        <source>Settings that differ</source>
        <translation>Abweichende Einstellungen</translation>
    </message>
    <message>
        <source>Both were started with the same settings.</source>
        <translation>Beide wurden mit denselben Einstellungen gestartet.</translation>
    </message>
    <message>
        <source>Files that differ</source>
        <translation>Abweichende Dateien</translation>
    </message>
    <message>
        <source>The files of one of them are no longer there.</source>
        <translation>Die Dateien von einem der beiden sind nicht mehr da.</translation>
    </message>
    <message>
        <source>Both made the same files.</source>
        <translation>Beide haben dieselben Dateien gemacht.</translation>
    </message>
</context>
<context>
    <name>aap::DemoRibbon</name>
    <message>
        <source>Show me &amp;around</source>
        <translation>&amp;Rundgang</translation>
    </message>
    <message>
        <source>What each page is for, in a minute</source>
        <translation>Wofür jede Seite da ist, in einer Minute</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>Play %1 times as fast as it went</source>
        <translation>%1-mal so schnell abspielen, wie es war</translation>
    </message>
    <message>
        <source>Demo: recorded run, nothing is spent. It is only played back: nothing runs on this machine.</source>
        <translation>Demo: aufgezeichneter Lauf, nichts wird ausgegeben. Er wird nur abgespielt: Auf diesem Rechner läuft nichts.</translation>
    </message>
    <message>
        <source>Demo: recorded replies, nothing is spent. The tools run for real, in a sandbox.</source>
        <translation>Demo: aufgezeichnete Antworten, nichts wird ausgegeben. Die Werkzeuge laufen wirklich, in einer Sandbox.</translation>
    </message>
</context>
<context>
    <name>aap::DesktopIntegration</name>
    <message>
        <source>A run waits for you</source>
        <translation>Ein Lauf wartet auf Sie</translation>
    </message>
    <message>
        <source>A run has used most of its budget</source>
        <translation>Ein Lauf hat den größten Teil seines Budgets verbraucht</translation>
    </message>
    <message>
        <source>A run has finished</source>
        <translation>Ein Lauf ist fertig</translation>
    </message>
    <message>
        <source>A run has failed</source>
        <translation>Ein Lauf ist fehlgeschlagen</translation>
    </message>
    <message>
        <source>%1
%2</source>
        <translation>%1
%2</translation>
    </message>
    <message numerus="yes">
        <source>%n run(s) at work</source>
        <translation>
            <numerusform>%n Lauf im Gange</numerusform>
            <numerusform>%n Läufe im Gange</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Agent Pipeline: %n run(s)</source>
        <translation>
            <numerusform>Agent Pipeline: %n Lauf</numerusform>
            <numerusform>Agent Pipeline: %n Läufe</numerusform>
        </translation>
    </message>
    <message>
        <source>A run has reached its limit</source>
        <translation>Ein Lauf hat seine Grenze erreicht</translation>
    </message>
    <message>
        <source>A run has lost what it needs</source>
        <translation>Einem Lauf fehlt, was er braucht</translation>
    </message>
</context>
<context>
    <name>aap::DesktopNotices</name>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
</context>
<context>
    <name>aap::DiffView</name>
    <message>
        <source>Changes</source>
        <translation>Änderungen</translation>
    </message>
    <message>
        <source>line %1</source>
        <translation>Zeile %1</translation>
    </message>
    <message numerus="yes">
        <source>%n equal line(s)</source>
        <translation>
            <numerusform>%n gleiche Zeile</numerusform>
            <numerusform>%n gleiche Zeilen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>aap::DiskComparison</name>
    <message>
        <source>On disk and here</source>
        <translation>Auf der Platte und hier</translation>
    </message>
    <message>
        <source>− is only on disk, + is only here.</source>
        <translation>− steht nur auf der Platte, + nur hier.</translation>
    </message>
    <message>
        <source>How the file and what you wrote differ</source>
        <translation>Worin sich die Datei und das Geschriebene unterscheiden</translation>
    </message>
    <message>
        <source>There is no difference.</source>
        <translation>Es gibt keinen Unterschied.</translation>
    </message>
    <message>
        <source>Re&amp;load</source>
        <translation>Neu &amp;laden</translation>
    </message>
    <message>
        <source>&amp;Keep mine</source>
        <translation>Meines &amp;behalten</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Schließen</translation>
    </message>
</context>
<context>
    <name>aap::DoctorPage</name>
    <message>
        <source>&amp;Check again</source>
        <translation>Erneut &amp;prüfen</translation>
    </message>
    <message>
        <source>Is everything ready?</source>
        <translation>Ist alles bereit?</translation>
    </message>
    <message>
        <source>Look at everything anew (F5)</source>
        <translation>Alles neu ansehen (F5)</translation>
    </message>
    <message>
        <source>Looking …</source>
        <translation>Wird gesucht …</translation>
    </message>
    <message>
        <source>A run can start.</source>
        <translation>Ein Lauf kann beginnen.</translation>
    </message>
    <message>
        <source>One thing stands in the way of a run.</source>
        <translation>Einem Lauf steht etwas im Weg.</translation>
    </message>
    <message>
        <source>%1 things stand in the way of a run.</source>
        <translation>Einem Lauf stehen %1 Dinge im Weg.</translation>
    </message>
    <message>
        <source>Copy command</source>
        <translation>Befehl kopieren</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>Befunde</translation>
    </message>
</context>
<context>
    <name>aap::FilesPanel</name>
    <message>
        <source>Sa&amp;ve these files …</source>
        <translation>Diese Dateien &amp;speichern …</translation>
    </message>
    <message>
        <source>Files of the project at this moment</source>
        <translation>Dateien des Projekts in diesem Augenblick</translation>
    </message>
    <message>
        <source>The file at this moment</source>
        <translation>Die Datei in diesem Augenblick</translation>
    </message>
    <message>
        <source>Write the files of this moment into a new folder</source>
        <translation>Die Dateien dieses Augenblicks in einen neuen Ordner schreiben</translation>
    </message>
    <message>
        <source>No files yet.</source>
        <translation>Noch keine Dateien.</translation>
    </message>
    <message>
        <source>The project had no files then.</source>
        <translation>Das Projekt hatte da keine Dateien.</translation>
    </message>
    <message>
        <source>Select a file to read it as it was.</source>
        <translation>Eine Datei wählen, um sie zu lesen, wie sie war.</translation>
    </message>
    <message>
        <source>A new folder for the files</source>
        <translation>Ein neuer Ordner für die Dateien</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) written to %1</source>
        <translation>
            <numerusform>%n Datei nach %1 geschrieben</numerusform>
            <numerusform>%n Dateien nach %1 geschrieben</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>aap::FormSheet</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>aap::GateBar</name>
    <message>
        <source>Comment for the decision</source>
        <translation>Bemerkung zur Entscheidung</translation>
    </message>
    <message>
        <source>Comment; needed to send back</source>
        <translation>Bemerkung; nötig zum Zurückgeben</translation>
    </message>
    <message>
        <source>&amp;Approve</source>
        <translation>&amp;Freigeben</translation>
    </message>
    <message>
        <source>Let the run go on (Ctrl+Shift+Y)</source>
        <translation>Den Lauf weitergehen lassen (Strg+Umschalt+Y)</translation>
    </message>
    <message>
        <source>Send &amp;back</source>
        <translation>&amp;Zurückgeben</translation>
    </message>
    <message>
        <source>The run works on what the comment says, and asks again (Ctrl+Shift+B)</source>
        <translation>Der Lauf arbeitet ein, was die Bemerkung sagt, und fragt noch einmal (Strg+Umschalt+B)</translation>
    </message>
    <message>
        <source>Do &amp;not allow</source>
        <translation>&amp;Nicht erlauben</translation>
    </message>
    <message>
        <source>The run ends here; everything made so far is kept</source>
        <translation>Der Lauf endet hier; alles bisher Gemachte bleibt</translation>
    </message>
    <message>
        <source>the user</source>
        <translation>der Benutzer</translation>
    </message>
</context>
<context>
    <name>aap::HelpDesk</name>
    <message>
        <source>Welcome</source>
        <translation>Willkommen</translation>
    </message>
    <message>
        <source>Try the demo first: a recorded run that needs no key and costs nothing. With a Docker engine its tools run for real, in a sandbox; without one it is played back.

On the right stands whether a run of your own could start.</source>
        <translation>Probieren Sie zuerst die Demo: einen aufgezeichneten Lauf, der keinen Schlüssel braucht und nichts kostet. Mit einer Docker-Engine laufen seine Werkzeuge wirklich, in einer Sandbox; ohne wird er abgespielt.

Rechts steht, ob ein eigener Lauf beginnen könnte.</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>Projekt</translation>
    </message>
    <message>
        <source>Write what your project shall do, a line for each requirement. &quot;Must&quot; makes a requirement binding, &quot;should&quot; a wish, and a question is asked before anything is built.

Name a repository to start from one. Everything is saved a second after you stop typing.</source>
        <translation>Schreiben Sie, was Ihr Projekt tun soll, eine Zeile je Anforderung. „Muss“ (must) macht eine Anforderung verbindlich, „soll“ (should) zum Wunsch, und eine Frage wird gestellt, bevor etwas gebaut wird.

Nennen Sie ein Repository, um davon auszugehen. Alles wird eine Sekunde nach dem Tippen gespeichert.</translation>
    </message>
    <message>
        <source>Pipeline</source>
        <translation>Pipeline</translation>
    </message>
    <message>
        <source>Five stages in a fixed order. Choose which of them run, their models, turns and budgets, and before which you are asked.

A stage is done when the program&apos;s own checks have passed. What a model says of itself does not count.</source>
        <translation>Fünf Stufen in fester Reihenfolge. Wählen Sie, welche laufen, ihre Modelle, Runden und Budgets, und vor welchen Sie gefragt werden.

Eine Stufe ist fertig, wenn die eigenen Prüfungen des Programms bestanden sind. Was ein Modell von sich sagt, zählt nicht.</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Every run has a tab. The cards show where it stands; the transcript what agents say and do; the log what the sandbox printed.

While it goes you can pause it, say something to its agent, raise a limit, skip a stage or send one back. At a gate you approve, or say what shall change. A run that has stopped can be resumed: what was paid for is not paid again.</source>
        <translation>Jeder Lauf hat einen Reiter. Die Karten zeigen, wo er steht, der Verlauf, was Agenten sagen und tun, das Protokoll, was die Sandbox ausgab.

Solange er läuft, können Sie ihn pausieren, seinem Agenten etwas sagen, eine Grenze anheben, eine Stufe überspringen oder zurückgeben. Bei einer Freigabe stimmen Sie zu oder sagen, was sich ändern soll. Ein angehaltener Lauf kann fortgesetzt werden: Bezahltes wird nicht noch einmal bezahlt.</translation>
    </message>
    <message>
        <source>Artifacts</source>
        <translation>Ergebnisse</translation>
    </message>
    <message>
        <source>Every file of the run in front: coloured source, rendered Markdown, pictures, JSON, logs. &quot;Compare with&quot; marks what another run had.

Files are the work of agents: nothing in them is executed, followed or fetched.</source>
        <translation>Jede Datei des Laufs, der vorn ist: farbiger Quelltext, gesetztes Markdown, Bilder, JSON, Protokolle. „Vergleichen mit“ zeigt, was ein anderer Lauf hatte.

Dateien sind das Werk von Agenten: nichts darin wird ausgeführt, verfolgt oder geladen.</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>All runs. Filter them by words such as result:failed, model:opus, cost:&gt;2 or last week. Open one as it went, resume it, run it again from a stage, compare two, export the results.

What goes to the trash can be undone for ten seconds; its files stay in the trash of the desktop.</source>
        <translation>Alle Läufe. Filtern Sie mit Wörtern wie result:failed, model:opus, cost:&gt;2 oder last week. Öffnen Sie einen, wie er ging, setzen Sie ihn fort, wiederholen Sie ihn ab einer Stufe, vergleichen Sie zwei, exportieren Sie die Ergebnisse.

Was in den Papierkorb kommt, lässt sich zehn Sekunden lang zurückholen; seine Dateien bleiben im Papierkorb des Desktops.</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Each setting shows where its value came from: the command line, the environment, a file or the default. Changes hold from the next run on.

The key is kept in the keychain or for this session only. It is sent to the provider and to nobody else.</source>
        <translation>Jede Einstellung zeigt, woher ihr Wert kam: von der Befehlszeile, aus der Umgebung, einer Datei oder der Vorgabe. Änderungen gelten ab dem nächsten Lauf.

Der Schlüssel wird im Schlüsselbund oder nur für diese Sitzung aufbewahrt. Er geht an den Anbieter und an niemanden sonst.</translation>
    </message>
    <message>
        <source>Doctor</source>
        <translation>Diagnose</translation>
    </message>
    <message>
        <source>Looks whether everything is there that a run needs, and says how to mend what is not. Commands that need an administrator are shown, never run.</source>
        <translation>Sieht nach, ob alles da ist, was ein Lauf braucht, und sagt, wie sich Fehlendes beheben lässt. Befehle, die einen Verwalter brauchen, werden gezeigt, nie ausgeführt.</translation>
    </message>
    <message>
        <source>Money</source>
        <translation>Geld</translation>
    </message>
    <message>
        <source>What a run has cost stands in the status bar. At 80 % of its budget you are told, and at the whole of it the run ends in order: everything made so far is kept, and it can go on with a larger budget.</source>
        <translation>Was ein Lauf gekostet hat, steht in der Statusleiste. Bei 80 % seines Budgets wird es Ihnen gesagt, und beim ganzen endet der Lauf geordnet: alles bisher Gemachte bleibt, und er kann mit einem größeren Budget weitergehen.</translation>
    </message>
    <message>
        <source>Safety</source>
        <translation>Sicherheit</translation>
    </message>
    <message>
        <source>Agents work in sandboxes without network, in a copy of your project. Your own files, the key and the engine are out of their reach. What they deploy is shown and asked about first.</source>
        <translation>Agenten arbeiten in Sandboxen ohne Netz, an einer Kopie Ihres Projekts. Ihre eigenen Dateien, der Schlüssel und die Engine sind außer ihrer Reichweite. Was sie ausliefern, wird vorher gezeigt und erfragt.</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Schließen</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>What it does</source>
        <translation>Was sie tut</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>Topics</source>
        <translation>Themen</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts</source>
        <translation>&amp;Tastenkürzel</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Filter the keys</source>
        <translation>Tasten filtern</translation>
    </message>
    <message>
        <source>About Agent Pipeline</source>
        <translation>Über Agent Pipeline</translation>
    </message>
    <message>
        <source>Agent Pipeline %1
Five agents turn requirements into a verified project.
Apache License 2.0</source>
        <translation>Agent Pipeline %1
Fünf Agenten machen aus Anforderungen ein geprüftes Projekt.
Apache License 2.0</translation>
    </message>
</context>
<context>
    <name>aap::HistoryModel</name>
    <message>
        <source>yesterday %1</source>
        <translation>gestern %1</translation>
    </message>
    <message>
        <source>Full</source>
        <translation>Vollständig</translation>
    </message>
    <message>
        <source>Stages</source>
        <translation>Stufen</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Prüfung</translation>
    </message>
    <message>
        <source>#</source>
        <translation>Nr.</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>Begonnen</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>Projekt</translation>
    </message>
    <message>
        <source>Mode</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>Kosten</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Another program is at work on it.</source>
        <translation>Ein anderes Programm arbeitet daran.</translation>
    </message>
    <message>
        <source>The program that carried it out has ended. It can be resumed.</source>
        <translation>Das Programm, das ihn ausführte, ist beendet. Er kann fortgesetzt werden.</translation>
    </message>
    <message>
        <source>pinned: %1</source>
        <translation>angeheftet: %1</translation>
    </message>
    <message>
        <source>Imported from a bundle: it can be read, and not be carried on.</source>
        <translation>Aus einem Bündel importiert: Er lässt sich lesen, aber nicht fortsetzen.</translation>
    </message>
</context>
<context>
    <name>aap::HistoryPage</name>
    <message>
        <source>No runs yet.</source>
        <translation>Noch keine Läufe.</translation>
    </message>
    <message>
        <source>Try the &amp;demo</source>
        <translation>&amp;Demo ausprobieren</translation>
    </message>
    <message>
        <source>Filter the history</source>
        <translation>Läufe filtern</translation>
    </message>
    <message>
        <source>result:failed model:opus cost:&gt;2 last week</source>
        <translation>result:failed model:opus cost:&gt;2 last week</translation>
    </message>
    <message>
        <source>Words of the title, and result:  model:  mode:  cost:&gt;2  cost:&lt;2  today  yesterday  last week  last month</source>
        <translation>Wörter des Titels, und result:  model:  mode:  cost:&gt;2  cost:&lt;2  today  yesterday  last week  last month</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>Ö&amp;ffnen</translation>
    </message>
    <message>
        <source>Show the run as it went (Return)</source>
        <translation>Den Lauf zeigen, wie er war (Eingabe)</translation>
    </message>
    <message>
        <source>Co&amp;mpare two</source>
        <translation>Zwei &amp;vergleichen</translation>
    </message>
    <message>
        <source>Choose two runs to see what differs (Ctrl+Shift+D)</source>
        <translation>Zwei Läufe wählen, um die Unterschiede zu sehen (Strg+Umschalt+D)</translation>
    </message>
    <message>
        <source>E&amp;xport …</source>
        <translation>E&amp;xportieren …</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>Runs: %1</source>
        <translation>Läufe: %1</translation>
    </message>
    <message>
        <source>Runs: %1 of %2</source>
        <translation>Läufe: %1 von %2</translation>
    </message>
    <message>
        <source>Res&amp;ume</source>
        <translation>F&amp;ortsetzen</translation>
    </message>
    <message>
        <source>Go on where the run was left; nothing that was paid for is paid again</source>
        <translation>Dort weitermachen, wo der Lauf stehen blieb; nichts Bezahltes wird noch einmal bezahlt</translation>
    </message>
    <message>
        <source>Run again &amp;from …</source>
        <translation>Wieder&amp;holen ab …</translation>
    </message>
    <message>
        <source>A new run that takes over what was before a stage (Ctrl+Shift+R)</source>
        <translation>Ein neuer Lauf, der übernimmt, was vor einer Stufe war (Strg+Umschalt+R)</translation>
    </message>
    <message>
        <source>Move to &amp;trash</source>
        <translation>In den &amp;Papierkorb</translation>
    </message>
    <message>
        <source>Take the run out of the history and move its files to the trash (Del)</source>
        <translation>Den Lauf aus der Liste nehmen und seine Dateien in den Papierkorb verschieben (Entf)</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>“%1” goes to the trash.</source>
        <translation>„%1“ kommt in den Papierkorb.</translation>
    </message>
    <message>
        <source>Write the results of the run into a ZIP file or a signed bundle (Ctrl+Shift+E)</source>
        <translation>Die Ergebnisse des Laufs in eine ZIP-Datei oder ein signiertes Bündel schreiben (Strg+Umschalt+E)</translation>
    </message>
    <message>
        <source>&amp;Pin</source>
        <translation>&amp;Anheften</translation>
    </message>
    <message>
        <source>Keep the run on top of the list, and out of the trash</source>
        <translation>Den Lauf oben in der Liste behalten und vor dem Papierkorb bewahren</translation>
    </message>
    <message>
        <source>Un&amp;pin</source>
        <translation>L&amp;ösen</translation>
    </message>
    <message>
        <source>&amp;Import …</source>
        <translation>&amp;Importieren …</translation>
    </message>
    <message>
        <source>Take a run that somebody handed on as a bundle into the history, to be read</source>
        <translation>Einen Lauf, den jemand als Bündel weitergab, zum Lesen in die Historie nehmen</translation>
    </message>
</context>
<context>
    <name>aap::JsonTree</name>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
</context>
<context>
    <name>aap::KeyBox</name>
    <message>
        <source>&amp;Keep this key</source>
        <translation>Diesen Schlüssel &amp;behalten</translation>
    </message>
    <message>
        <source>&amp;Test the key</source>
        <translation>Den Schlüssel &amp;testen</translation>
    </message>
    <message>
        <source>A new API key</source>
        <translation>Ein neuer API-Schlüssel</translation>
    </message>
    <message>
        <source>Paste a new key</source>
        <translation>Einen neuen Schlüssel einfügen</translation>
    </message>
    <message>
        <source>Where the key is kept</source>
        <translation>Wo der Schlüssel liegt</translation>
    </message>
    <message>
        <source>in the keychain</source>
        <translation>im Schlüsselbund</translation>
    </message>
    <message>
        <source>for this session only</source>
        <translation>nur für diese Sitzung</translation>
    </message>
    <message>
        <source>Ask the provider for its list of models; it costs nothing</source>
        <translation>Den Anbieter nach seiner Liste der Modelle fragen; das kostet nichts</translation>
    </message>
    <message>
        <source>No key is needed: replies come from a recording.</source>
        <translation>Kein Schlüssel nötig: Die Antworten kommen aus einer Aufzeichnung.</translation>
    </message>
    <message>
        <source>There is no API key. The demo works all the same.</source>
        <translation>Es gibt keinen API-Schlüssel. Die Demo geht trotzdem.</translation>
    </message>
    <message>
        <source>API key %1 · %2</source>
        <comment>its last characters and origin</comment>
        <translation>API-Schlüssel %1 · %2</translation>
    </message>
    <message>
        <source>Asking the provider …</source>
        <translation>Der Anbieter wird gefragt …</translation>
    </message>
</context>
<context>
    <name>aap::Leaving</name>
    <message>
        <source>A run is at work</source>
        <translation>Ein Lauf ist im Gange</translation>
    </message>
    <message>
        <source>What runs stops in order before the window closes. Everything made so far is kept.</source>
        <translation>Was läuft, hält geordnet an, bevor das Fenster schließt. Alles bisher Gemachte bleibt.</translation>
    </message>
    <message>
        <source>&amp;Stop and quit</source>
        <translation>&amp;Anhalten und beenden</translation>
    </message>
    <message>
        <source>&amp;Keep running</source>
        <translation>&amp;Weiterlaufen lassen</translation>
    </message>
    <message>
        <source>A deployed service still runs</source>
        <translation>Ein bereitgestellter Dienst läuft noch</translation>
    </message>
    <message>
        <source>What the run has deployed goes on running on this machine&apos;s Docker engine after the window closes, until it is removed.</source>
        <translation>Was der Lauf bereitgestellt hat, läuft in der Docker-Engine dieses Rechners weiter, nachdem das Fenster geschlossen ist, bis es entfernt wird.</translation>
    </message>
    <message>
        <source>&amp;Remove it and quit</source>
        <translation>&amp;Entfernen und beenden</translation>
    </message>
    <message>
        <source>&amp;Leave it running</source>
        <translation>&amp;Laufen lassen</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>Ab&amp;brechen</translation>
    </message>
</context>
<context>
    <name>aap::LogPanel</name>
    <message>
        <source>Stage shown in the log</source>
        <translation>Im Protokoll gezeigte Stufe</translation>
    </message>
    <message>
        <source>All stages</source>
        <translation>Alle Stufen</translation>
    </message>
    <message>
        <source>Fold all</source>
        <translation>Alles einklappen</translation>
    </message>
    <message>
        <source>Show the tool calls only, or all they print (Ctrl+Shift+[ and ])</source>
        <translation>Nur die Werkzeugaufrufe zeigen oder alles, was sie ausgeben (Strg+Umschalt+[ und ])</translation>
    </message>
    <message>
        <source>Wrap lines</source>
        <translation>Zeilen umbrechen</translation>
    </message>
    <message>
        <source>Break lines that are wider than the window (Alt+Z)</source>
        <translation>Zeilen umbrechen, die breiter als das Fenster sind (Alt+Z)</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Find in the log (Ctrl+F)</source>
        <translation>Im Protokoll suchen (Strg+F)</translation>
    </message>
    <message>
        <source>Find in the log</source>
        <translation>Im Protokoll suchen</translation>
    </message>
    <message>
        <source>Match &amp;case</source>
        <translation>&amp;Groß/klein beachten</translation>
    </message>
    <message>
        <source>&amp;Whole word</source>
        <translation>Ganzes &amp;Wort</translation>
    </message>
    <message>
        <source>Regular e&amp;xpression</source>
        <translation>&amp;Regulärer Ausdruck</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>Voriger</translation>
    </message>
    <message>
        <source>Go to the hit before (Shift+F3)</source>
        <translation>Zum vorigen Treffer (Umschalt+F3)</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Nächster</translation>
    </message>
    <message>
        <source>Go to the next hit (F3)</source>
        <translation>Zum nächsten Treffer (F3)</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close the find bar (Esc)</source>
        <translation>Die Suchleiste schließen (Esc)</translation>
    </message>
    <message>
        <source>This is no regular expression</source>
        <translation>Das ist kein regulärer Ausdruck</translation>
    </message>
    <message>
        <source>Looking …</source>
        <translation>Wird gesucht …</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>Nichts gefunden</translation>
    </message>
    <message>
        <source>More than %1 lines</source>
        <translation>Mehr als %1 Zeilen</translation>
    </message>
    <message numerus="yes">
        <source>%n line(s)</source>
        <translation>
            <numerusform>%n Zeile</numerusform>
            <numerusform>%n Zeilen</numerusform>
        </translation>
    </message>
    <message>
        <source>Save the selected lines</source>
        <translation>Die gewählten Zeilen speichern</translation>
    </message>
    <message>
        <source>Text files (*.txt *.log)</source>
        <translation>Textdateien (*.txt *.log)</translation>
    </message>
</context>
<context>
    <name>aap::LogView</name>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Go to the newest line</source>
        <translation>Zur neuesten Zeile</translation>
    </message>
    <message numerus="yes">
        <source>↓ %n new</source>
        <translation>
            <numerusform>↓ %n neue</numerusform>
            <numerusform>↓ %n neue</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing has been printed yet.</source>
        <translation>Noch wurde nichts ausgegeben.</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Select &amp;all</source>
        <translation>&amp;Alles auswählen</translation>
    </message>
    <message>
        <source>&amp;Go to the end</source>
        <translation>Zum &amp;Ende gehen</translation>
    </message>
</context>
<context>
    <name>aap::LookBox</name>
    <message>
        <source>As the system has it</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source> %</source>
        <translation> %</translation>
    </message>
    <message>
        <source>&amp;Colours</source>
        <translation>&amp;Farben</translation>
    </message>
    <message>
        <source>Size of the &amp;text</source>
        <translation>&amp;Größe der Schrift</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>&amp;Sprache</translation>
    </message>
    <message>
        <source>Colours and size hold at once, the language from the next start on. Messages of the engine stay English.</source>
        <translation>Farben und Größe gelten sofort, die Sprache ab dem nächsten Start. Meldungen der Engine bleiben englisch.</translation>
    </message>
</context>
<context>
    <name>aap::MainWindow</name>
    <message>
        <source>Open &amp;Doctor</source>
        <translation>&amp;Diagnose öffnen</translation>
    </message>
    <message>
        <source>Agent Pipeline</source>
        <translation>Agent Pipeline</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>Projekt</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Artifacts</source>
        <translation>Ergebnisse</translation>
    </message>
    <message>
        <source>Doctor</source>
        <translation>Diagnose</translation>
    </message>
    <message>
        <source>Saved %1</source>
        <translation>Gespeichert %1</translation>
    </message>
    <message>
        <source>Not saved: %1</source>
        <translation>Nicht gespeichert: %1</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Schließen</translation>
    </message>
    <message>
        <source>%1: %2 %3</source>
        <translation>%1: %2 %3</translation>
    </message>
    <message>
        <source>The demo works all the same.</source>
        <translation>Die Demo geht trotzdem.</translation>
    </message>
    <message>
        <source>%1 · turn %2</source>
        <translation>%1 · Runde %2</translation>
    </message>
    <message>
        <source>Demo: recorded, nothing is spent</source>
        <translation>Demo: aufgezeichnet, nichts wird ausgegeben</translation>
    </message>
    <message>
        <source>Welcome</source>
        <translation>Willkommen</translation>
    </message>
    <message>
        <source>Pipeline</source>
        <translation>Pipeline</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>%1 — Agent Pipeline</source>
        <translation>%1 — Agent Pipeline</translation>
    </message>
    <message>
        <source>A run of these requirements is at work</source>
        <translation>Ein Lauf mit diesen Anforderungen ist im Gange</translation>
    </message>
    <message>
        <source>A second one costs as much again.</source>
        <translation>Ein zweiter kostet noch einmal so viel.</translation>
    </message>
    <message>
        <source>&amp;Show the run</source>
        <translation>Den Lauf &amp;zeigen</translation>
    </message>
    <message>
        <source>Start &amp;another</source>
        <translation>&amp;Noch einen starten</translation>
    </message>
    <message>
        <source>a run waits for you at a gate</source>
        <translation>ein Lauf wartet an einer Freigabe auf Sie</translation>
    </message>
</context>
<context>
    <name>aap::MetricsPanel</name>
    <message>
        <source>Cost by turn</source>
        <translation>Kosten je Runde</translation>
    </message>
    <message>
        <source>Model&apos;s time by turn</source>
        <translation>Zeit des Modells je Runde</translation>
    </message>
    <message>
        <source>Tokens out by turn</source>
        <translation>Ausgegebene Token je Runde</translation>
    </message>
    <message>
        <source>Prompt from cache by turn</source>
        <translation>Eingabe aus dem Cache je Runde</translation>
    </message>
    <message>
        <source>Figures by stage</source>
        <translation>Zahlen je Stufe</translation>
    </message>
</context>
<context>
    <name>aap::NewProject</name>
    <message>
        <source>&amp;Create project</source>
        <translation>Projekt &amp;anlegen</translation>
    </message>
    <message>
        <source>New project</source>
        <translation>Neues Projekt</translation>
    </message>
    <message>
        <source>Name of the project</source>
        <translation>Name des Projekts</translation>
    </message>
    <message>
        <source>photo-sorter</source>
        <translation>fotosortierer</translation>
    </message>
    <message>
        <source>Folder of the project file</source>
        <translation>Ordner der Projektdatei</translation>
    </message>
    <message>
        <source>What the project is like</source>
        <translation>Wie das Projekt ist</translation>
    </message>
    <message>
        <source>C&amp;hoose …</source>
        <translation>&amp;Wählen …</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>&amp;Folder</source>
        <translation>&amp;Ordner</translation>
    </message>
    <message>
        <source>&amp;Begin with</source>
        <translation>&amp;Beginnen mit</translation>
    </message>
    <message>
        <source>Empty</source>
        <translation>Leer</translation>
    </message>
    <message>
        <source>Web service</source>
        <translation>Webdienst</translation>
    </message>
    <message>
        <source># A web service

- The service must …
- It must answer GET /health with 200 when it works
- It must keep its data in SQLite
- Wrong input must be answered with 400 and a reason
</source>
        <translation># Ein Webdienst

- Der Dienst muss …
- Er muss GET /health mit 200 beantworten, wenn er arbeitet
- Er muss seine Daten in SQLite halten
- Falsche Eingaben müssen mit 400 und einem Grund beantwortet werden
</translation>
    </message>
    <message>
        <source>Command-line tool</source>
        <translation>Befehlszeilenwerkzeug</translation>
    </message>
    <message>
        <source># A command-line tool

- The tool must …
- It must explain itself with --help
- It must end with exit code 0 on success and another one on failure
- Messages for people must go to standard error
</source>
        <translation># Ein Befehlszeilenwerkzeug

- Das Werkzeug muss …
- Es muss sich mit --help erklären
- Es muss bei Erfolg mit dem Rückgabewert 0 enden und bei Fehlern mit einem anderen
- Meldungen für Menschen müssen auf die Standardfehlerausgabe gehen
</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Bibliothek</translation>
    </message>
    <message>
        <source># A library

- The library must offer …
- Every public function must be documented with an example
- It must have no dependency but the standard library
</source>
        <translation># Eine Bibliothek

- Die Bibliothek muss … bieten
- Jede öffentliche Funktion muss mit einem Beispiel dokumentiert sein
- Sie darf von nichts als der Standardbibliothek abhängen
</translation>
    </message>
    <message>
        <source>Folder of the project</source>
        <translation>Ordner des Projekts</translation>
    </message>
</context>
<context>
    <name>aap::NoticesBox</name>
    <message>
        <source>A run &amp;waits for you</source>
        <translation>Ein Lauf &amp;wartet auf Sie</translation>
    </message>
    <message>
        <source>A run has &amp;finished</source>
        <translation>Ein Lauf ist &amp;fertig</translation>
    </message>
    <message>
        <source>A run has f&amp;ailed</source>
        <translation>Ein L&amp;auf ist fehlgeschlagen</translation>
    </message>
    <message>
        <source>A run has used 80 % of its &amp;budget, or all of it</source>
        <translation>Ein Lauf hat 80 % seines &amp;Budgets verbraucht, oder alles</translation>
    </message>
    <message>
        <source>A run has lost the Docker &amp;engine</source>
        <translation>Einem Lauf fehlt die Docker-&amp;Engine</translation>
    </message>
    <message>
        <source>&amp;Keep the computer awake while a run works</source>
        <translation>Den Computer wach halten, solange ein Lauf arbeite&amp;t</translation>
    </message>
    <message>
        <source>Notifications of the desktop, while the window is not in front:</source>
        <translation>Meldungen des Desktops, solange das Fenster nicht vorn ist:</translation>
    </message>
</context>
<context>
    <name>aap::PipelinePage</name>
    <message>
        <source>Parts of the pipeline</source>
        <translation>Teile der Pipeline</translation>
    </message>
    <message>
        <source>Model and limits</source>
        <translation>Modell und Grenzen</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>Done when</source>
        <translation>Fertig wenn</translation>
    </message>
    <message>
        <source>Whole run</source>
        <translation>Ganzer Lauf</translation>
    </message>
    <message>
        <source>Pipeline</source>
        <translation>Pipeline</translation>
    </message>
    <message>
        <source>remove gate</source>
        <translation>Freigabe entfernen</translation>
    </message>
    <message>
        <source>add gate</source>
        <translation>Freigabe hinzufügen</translation>
    </message>
    <message>
        <source>&amp;Use this stage</source>
        <translation>Diese Stufe &amp;verwenden</translation>
    </message>
    <message>
        <source>&amp;Ask me before it begins</source>
        <translation>Vor ihrem Beginn &amp;fragen</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Modell</translation>
    </message>
    <message>
        <source>as the settings say</source>
        <translation>wie die Einstellungen sagen</translation>
    </message>
    <message>
        <source>&amp;Effort</source>
        <translation>&amp;Aufwand</translation>
    </message>
    <message>
        <source>low</source>
        <translation>gering</translation>
    </message>
    <message>
        <source>medium</source>
        <translation>mittel</translation>
    </message>
    <message>
        <source>high</source>
        <translation>hoch</translation>
    </message>
    <message>
        <source>very high</source>
        <translation>sehr hoch</translation>
    </message>
    <message>
        <source>most</source>
        <translation>höchster</translation>
    </message>
    <message>
        <source>Most &amp;turns</source>
        <translation>Höchstens &amp;Runden</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>keine Grenze</translation>
    </message>
    <message>
        <source>Most &amp;money</source>
        <translation>Höchstens &amp;Geld</translation>
    </message>
    <message>
        <source> $</source>
        <translation> $</translation>
    </message>
    <message>
        <source>Most to&amp;kens</source>
        <translation>Höchstens To&amp;ken</translation>
    </message>
    <message>
        <source> thousand</source>
        <translation> Tausend</translation>
    </message>
    <message>
        <source>Most t&amp;ime</source>
        <translation>Höchstens &amp;Zeit</translation>
    </message>
    <message>
        <source> min</source>
        <translation> min</translation>
    </message>
    <message>
        <source>What the agent of this stage is told to do, besides the requirements and what the stages before it handed over.</source>
        <translation>Was dem Agenten dieser Stufe aufgetragen wird, neben den Anforderungen und dem, was die Stufen davor übergeben haben.</translation>
    </message>
    <message>
        <source>Task of the stage</source>
        <translation>Aufgabe der Stufe</translation>
    </message>
    <message>
        <source>Empty: the usual task of this stage</source>
        <translation>Leer: die übliche Aufgabe dieser Stufe</translation>
    </message>
    <message>
        <source>task</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>A stage is done when the program&apos;s own checks have passed; a model&apos;s word does not count.</source>
        <translation>Eine Stufe ist fertig, wenn die eigenen Prüfungen des Programms bestanden sind; das Wort eines Modells zählt nicht.</translation>
    </message>
    <message>
        <source>Testing: least &amp;coverage of lines</source>
        <translation>Test: geringste &amp;Abdeckung der Zeilen</translation>
    </message>
    <message>
        <source> %</source>
        <translation> %</translation>
    </message>
    <message>
        <source>Testing: search for &amp;weaknesses</source>
        <translation>Test: nach &amp;Schwachstellen suchen</translation>
    </message>
    <message>
        <source>Deployment: en&amp;vironment</source>
        <translation>Bereitstellung: &amp;Umgebung</translation>
    </message>
    <message>
        <source>Deployment: &amp;platform</source>
        <translation>Bereitstellung: &amp;Plattform</translation>
    </message>
    <message>
        <source>Docker</source>
        <translation>Docker</translation>
    </message>
    <message>
        <source>Kubernetes</source>
        <translation>Kubernetes</translation>
    </message>
    <message>
        <source>Deployment: &amp;healthy within</source>
        <translation>Bereitstellung: &amp;gesund binnen</translation>
    </message>
    <message>
        <source> s</source>
        <translation> s</translation>
    </message>
    <message>
        <source>Monitoring: pro&amp;bed for</source>
        <translation>Überwachung: &amp;beobachtet für</translation>
    </message>
    <message>
        <source>Hand in again after failed checks, at &amp;most</source>
        <translation>Nach gescheiterten Prüfungen &amp;erneut abgeben, höchstens</translation>
    </message>
    <message>
        <source> times</source>
        <translation>-mal</translation>
    </message>
    <message>
        <source>&amp;Repairs by Coding, at most</source>
        <translation>&amp;Reparaturen durch Programmierung, höchstens</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <comment>what is changed, and in which stage</comment>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>%1: model and limits</source>
        <translation>%1: Modell und Grenzen</translation>
    </message>
    <message>
        <source>%1: task</source>
        <translation>%1: Aufgabe</translation>
    </message>
    <message>
        <source>at most %1</source>
        <translation>höchstens %1</translation>
    </message>
    <message>
        <source>no limit of money</source>
        <translation>keine Geldgrenze</translation>
    </message>
    <message>
        <source>Ready: %1 of %2 stages, %3</source>
        <translation>Bereit: %1 von %2 Stufen, %3</translation>
    </message>
</context>
<context>
    <name>aap::PlanCard</name>
    <message>
        <source>%1 stage</source>
        <translation>Stufe %1</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>Verwendet</translation>
    </message>
    <message>
        <source>Left out</source>
        <translation>Ausgelassen</translation>
    </message>
    <message>
        <source>at most %1 turns</source>
        <translation>höchstens %1 Runden</translation>
    </message>
    <message>
        <source>the run&apos;s model</source>
        <translation>das Modell des Laufs</translation>
    </message>
    <message>
        <source>at most %1</source>
        <translation>höchstens %1</translation>
    </message>
    <message>
        <source>, asks you before it begins</source>
        <translation>, fragt Sie vor dem Beginn</translation>
    </message>
</context>
<context>
    <name>aap::PreviewPane</name>
    <message>
        <source>Side &amp;by side</source>
        <translation>&amp;Nebeneinander</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <source>Preview, rendered</source>
        <translation>Vorschau, gestaltet</translation>
    </message>
    <message>
        <source>Preview as a tree</source>
        <translation>Vorschau als Baum</translation>
    </message>
    <message>
        <source>Preview, picture</source>
        <translation>Vorschau, Bild</translation>
    </message>
    <message>
        <source>How the file is shown</source>
        <translation>Wie die Datei gezeigt wird</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Rendered</source>
        <translation>Gestaltet</translation>
    </message>
    <message>
        <source>Changes</source>
        <translation>Änderungen</translation>
    </message>
    <message>
        <source>Nothing in this file has changed.</source>
        <translation>In dieser Datei hat sich nichts geändert.</translation>
    </message>
    <message>
        <source>Picture, %1 by %2 pixels</source>
        <translation>Bild, %1 mal %2 Bildpunkte</translation>
    </message>
</context>
<context>
    <name>aap::Project</name>
    <message>
        <source>the project has no file; save a copy</source>
        <translation>das Projekt hat keine Datei; speichern Sie eine Kopie</translation>
    </message>
    <message>
        <source>the file was changed by another program</source>
        <translation>ein anderes Programm hat die Datei geändert</translation>
    </message>
    <message>
        <source>attach</source>
        <translation>beilegen</translation>
    </message>
    <message>
        <source>remove attachment</source>
        <translation>Beilage entfernen</translation>
    </message>
    <message>
        <source>to agents</source>
        <translation>für Agenten</translation>
    </message>
</context>
<context>
    <name>aap::ProjectDesk</name>
    <message>
        <source>Projects (*.agentpipeline)</source>
        <translation>Projekte (*.agentpipeline)</translation>
    </message>
    <message>
        <source>Open a project</source>
        <translation>Ein Projekt öffnen</translation>
    </message>
    <message>
        <source>Save a copy of the project</source>
        <translation>Eine Kopie des Projekts speichern</translation>
    </message>
</context>
<context>
    <name>aap::ProjectPage</name>
    <message>
        <source>&amp;Start run</source>
        <translation>Lauf &amp;starten</translation>
    </message>
    <message>
        <source>Try the &amp;demo</source>
        <translation>&amp;Demo ausprobieren</translation>
    </message>
    <message>
        <source>Requirements</source>
        <translation>Anforderungen</translation>
    </message>
    <message>
        <source>Say what the project shall do, one requirement a line. Five agents design, write, test, deploy and monitor it; the program checks every result itself.</source>
        <translation>Sagen Sie, was das Projekt tun soll, eine Anforderung je Zeile. Fünf Agenten entwerfen, schreiben, testen, bereitstellen und überwachen es; das Programm prüft jedes Ergebnis selbst.</translation>
    </message>
    <message>
        <source># Todo service
- Users must register and sign in
- Each user must see only their own todos
- The service should answer /health</source>
        <translation># Aufgabendienst
- Benutzer müssen sich registrieren und anmelden
- Jeder Benutzer darf nur seine eigenen Aufgaben sehen
- Der Dienst soll auf /health antworten</translation>
    </message>
    <message>
        <source>Start run (Ctrl+Return)</source>
        <translation>Lauf starten (Strg+Eingabe)</translation>
    </message>
    <message>
        <source>A recorded run: no key is needed and nothing is spent</source>
        <translation>Ein aufgezeichneter Lauf: kein Schlüssel nötig, nichts wird ausgegeben</translation>
    </message>
    <message>
        <source>Nothing written yet</source>
        <translation>Noch nichts geschrieben</translation>
    </message>
    <message>
        <source>Start &amp;from</source>
        <translation>&amp;Ausgehen von</translation>
    </message>
    <message>
        <source>Repository to start from</source>
        <translation>Repository, von dem ausgegangen wird</translation>
    </message>
    <message>
        <source>nothing, or the address or folder of a git repository</source>
        <translation>nichts, oder Adresse oder Ordner eines Git-Repositorys</translation>
    </message>
    <message>
        <source>Requirements, rendered</source>
        <translation>Anforderungen, dargestellt</translation>
    </message>
    <message>
        <source>How the requirements are shown</source>
        <translation>Wie die Anforderungen gezeigt werden</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>Punkte</translation>
    </message>
    <message>
        <source>The requirements as a run will read them</source>
        <translation>Die Anforderungen, wie ein Lauf sie liest</translation>
    </message>
    <message>
        <source>Re&amp;load</source>
        <translation>Neu &amp;laden</translation>
    </message>
    <message>
        <source>&amp;Keep mine</source>
        <translation>Meines &amp;behalten</translation>
    </message>
    <message>
        <source>&amp;Compare</source>
        <translation>&amp;Vergleichen</translation>
    </message>
    <message>
        <source>Another program changed this project on disk. What you write here is not saved until you decide.</source>
        <translation>Ein anderes Programm hat dieses Projekt auf der Platte geändert. Was hier geschrieben wird, bleibt ungespeichert, bis Sie entscheiden.</translation>
    </message>
</context>
<context>
    <name>aap::RequirementItems</name>
    <message>
        <source>must</source>
        <translation>muss</translation>
    </message>
    <message>
        <source>should</source>
        <translation>soll</translation>
    </message>
    <message>
        <source>could</source>
        <translation>kann</translation>
    </message>
    <message>
        <source>Requirements as they are read</source>
        <translation>Anforderungen, wie sie gelesen werden</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>Nr.</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>Rang</translation>
    </message>
    <message>
        <source>Lines</source>
        <translation>Zeilen</translation>
    </message>
    <message>
        <source>Requirement</source>
        <translation>Anforderung</translation>
    </message>
    <message>
        <source>Open question: %1</source>
        <translation>Offene Frage: %1</translation>
    </message>
    <message numerus="yes">
        <source>%n item(s), %1 of them must</source>
        <translation>
            <numerusform>%n Punkt, davon %1 muss</numerusform>
            <numerusform>%n Punkte, davon %1 muss</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n open question(s)</source>
        <translation>
            <numerusform>%n offene Frage</numerusform>
            <numerusform>%n offene Fragen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>aap::RunActions</name>
    <message>
        <source>Res&amp;ume</source>
        <translation>F&amp;ortsetzen</translation>
    </message>
    <message>
        <source>&amp;Go on</source>
        <translation>&amp;Weiter</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Pause</translation>
    </message>
</context>
<context>
    <name>aap::RunDesk</name>
    <message>
        <source>New run</source>
        <translation>Neuer Lauf</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>&amp;Raise and resume</source>
        <translation>&amp;Anheben und fortsetzen</translation>
    </message>
</context>
<context>
    <name>aap::RunExports</name>
    <message>
        <source> and %1 more</source>
        <translation> und %1 weitere</translation>
    </message>
    <message numerus="yes">
        <source>Run %1: %n file(s) are as listed.</source>
        <translation>
            <numerusform>Lauf %1: %n Datei ist, wie sie in der Liste steht.</numerusform>
            <numerusform>Lauf %1: %n Dateien sind, wie sie in der Liste stehen.</numerusform>
        </translation>
    </message>
    <message>
        <source>Changed: %1</source>
        <translation>Geändert: %1</translation>
    </message>
    <message>
        <source>Missing: %1</source>
        <translation>Fehlt: %1</translation>
    </message>
    <message>
        <source>Not on the list: %1</source>
        <translation>Nicht in der Liste: %1</translation>
    </message>
    <message>
        <source>The signature is not good: the list of files was changed, or was never signed.</source>
        <translation>Die Signatur stimmt nicht: Die Liste der Dateien wurde geändert oder nie signiert.</translation>
    </message>
    <message>
        <source>Signed with your key %1.</source>
        <translation>Signiert mit Ihrem Schlüssel %1.</translation>
    </message>
    <message>
        <source>Signed with the key %1. Ask whoever sent it whether that is theirs.</source>
        <translation>Signiert mit dem Schlüssel %1. Fragen Sie den Absender, ob es seiner ist.</translation>
    </message>
    <message>
        <source>ZIP archive (*.zip)</source>
        <translation>ZIP-Archiv (*.zip)</translation>
    </message>
    <message>
        <source>Signed bundle to hand on (*.bundle.zip)</source>
        <translation>Signiertes Bündel zum Weitergeben (*.bundle.zip)</translation>
    </message>
    <message>
        <source>Export the run</source>
        <translation>Den Lauf exportieren</translation>
    </message>
    <message>
        <source>Exporting …</source>
        <translation>Wird exportiert …</translation>
    </message>
    <message>
        <source>Exported to %1</source>
        <translation>Exportiert nach %1</translation>
    </message>
    <message>
        <source>Not exported</source>
        <translation>Nicht exportiert</translation>
    </message>
    <message>
        <source>Verify an exported bundle</source>
        <translation>Ein exportiertes Bündel prüfen</translation>
    </message>
    <message>
        <source>Bundles (*.zip)</source>
        <translation>Bündel (*.zip)</translation>
    </message>
    <message>
        <source>%1 is as it was signed</source>
        <translation>%1 ist, wie es signiert wurde</translation>
    </message>
    <message>
        <source>%1 is not as it was signed</source>
        <translation>%1 ist nicht, wie es signiert wurde</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Schließen</translation>
    </message>
    <message>
        <source>Import a run from a bundle</source>
        <translation>Einen Lauf aus einem Bündel importieren</translation>
    </message>
    <message>
        <source>Importing …</source>
        <translation>Wird importiert …</translation>
    </message>
    <message>
        <source>Not imported</source>
        <translation>Nicht importiert</translation>
    </message>
    <message>
        <source>Imported run %1, signed with the key %2. It can be read, compared and exported.</source>
        <translation>Lauf %1 importiert, signiert mit dem Schlüssel %2. Er lässt sich lesen, vergleichen und exportieren.</translation>
    </message>
</context>
<context>
    <name>aap::RunMetrics</name>
    <message>
        <source>All stages</source>
        <translation>Alle Stufen</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>Turns</source>
        <translation>Runden</translation>
    </message>
    <message>
        <source>Tokens in</source>
        <translation>Token ein</translation>
    </message>
    <message>
        <source>From cache</source>
        <translation>Aus dem Cache</translation>
    </message>
    <message>
        <source>Tokens out</source>
        <translation>Token aus</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>Kosten</translation>
    </message>
    <message>
        <source>Model&apos;s time</source>
        <translation>Zeit des Modells</translation>
    </message>
    <message>
        <source>Tool calls</source>
        <translation>Werkzeugaufrufe</translation>
    </message>
    <message>
        <source>Failed calls</source>
        <translation>Fehlgeschlagen</translation>
    </message>
</context>
<context>
    <name>aap::RunNotices</name>
    <message>
        <source>“%1”</source>
        <translation>„%1“</translation>
    </message>
    <message>
        <source>Res&amp;ume</source>
        <translation>F&amp;ortsetzen</translation>
    </message>
    <message>
        <source>&amp;Show</source>
        <translation>An&amp;zeigen</translation>
    </message>
    <message>
        <source>&amp;Discard</source>
        <translation>&amp;Verwerfen</translation>
    </message>
    <message>
        <source>Not &amp;now</source>
        <translation>&amp;Nicht jetzt</translation>
    </message>
    <message>
        <source>&amp;Raise a limit …</source>
        <translation>Grenze &amp;anheben …</translation>
    </message>
    <message>
        <source>%1 was interrupted.</source>
        <translation>%1 wurde unterbrochen.</translation>
    </message>
    <message>
        <source>%1 was interrupted in %2, turn %3.</source>
        <translation>%1 wurde in %2, Runde %3, unterbrochen.</translation>
    </message>
    <message>
        <source>Nothing paid for is lost.</source>
        <translation>Nichts Bezahltes ist verloren.</translation>
    </message>
    <message>
        <source>The history has one more.</source>
        <translation>Unter „Läufe“ steht noch einer.</translation>
    </message>
    <message>
        <source>The history has %1 more.</source>
        <translation>Unter „Läufe“ stehen noch %1.</translation>
    </message>
    <message>
        <source>%1 waits for you: %2</source>
        <translation>%1 wartet auf Sie: %2</translation>
    </message>
    <message>
        <source>%1 has used %2 of its budget of %3.</source>
        <translation>%1 hat %2 seines Budgets von %3 verbraucht.</translation>
    </message>
</context>
<context>
    <name>aap::RunPage</name>
    <message>
        <source>Sandbox</source>
        <translation>Sandbox</translation>
    </message>
    <message>
        <source>Waiting for a place</source>
        <translation>Wartet auf einen Platz</translation>
    </message>
    <message>
        <source>It begins when another run has ended. How many may be at work at the same time stands in Settings, General.</source>
        <translation>Er beginnt, wenn ein anderer Lauf zu Ende ist. Wie viele zugleich arbeiten dürfen, steht in Einstellungen, Allgemein.</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>&amp;Anhalten</translation>
    </message>
    <message>
        <source>Stop and &amp;remove the deployment</source>
        <translation>Bereitstellung anhalten und &amp;entfernen</translation>
    </message>
    <message>
        <source>Transcript</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Changes</source>
        <translation>Änderungen</translation>
    </message>
    <message>
        <source>Metrics</source>
        <translation>Messwerte</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Probleme</translation>
    </message>
    <message>
        <source>Views of the run</source>
        <translation>Ansichten des Laufs</translation>
    </message>
    <message>
        <source>Problems (%1)</source>
        <translation>Probleme (%1)</translation>
    </message>
    <message>
        <source>No run yet</source>
        <translation>Noch kein Lauf</translation>
    </message>
    <message>
        <source>Write requirements on the page Project and start a run, or try the demo.</source>
        <translation>Schreiben Sie Anforderungen auf der Seite Projekt und starten Sie einen Lauf, oder probieren Sie die Demo aus.</translation>
    </message>
    <message>
        <source>Stop the run in order; everything made so far is kept (Ctrl+.)</source>
        <translation>Den Lauf geordnet anhalten; alles bisher Gemachte bleibt (Strg+.)</translation>
    </message>
    <message>
        <source>Starting …</source>
        <translation>Beginnt …</translation>
    </message>
    <message>
        <source>Looking whether everything is there that a run needs.</source>
        <translation>Es wird nachgesehen, ob alles da ist, was ein Lauf braucht.</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>The run could not start</source>
        <translation>Der Lauf konnte nicht beginnen</translation>
    </message>
    <message>
        <source>Stopping … the sandbox is put away first.</source>
        <translation>Hält an … zuerst wird die Sandbox weggeräumt.</translation>
    </message>
    <message>
        <source>What the run has deployed still runs on this machine&apos;s Docker engine.</source>
        <translation>Was der Lauf bereitgestellt hat, läuft noch in der Docker-Engine dieses Rechners.</translation>
    </message>
    <message>
        <source>What %1 runs have deployed still runs on this machine&apos;s Docker engine.</source>
        <translation>Was %1 Läufe bereitgestellt haben, läuft noch in der Docker-Engine dieses Rechners.</translation>
    </message>
    <message>
        <source>Removing the deployment …</source>
        <translation>Die Bereitstellung wird entfernt …</translation>
    </message>
    <message>
        <source>The run is under way.</source>
        <translation>Der Lauf ist im Gange.</translation>
    </message>
    <message>
        <source>This run was not finished: it was interrupted, or another program is at work on it.</source>
        <translation>Dieser Lauf wurde nicht beendet: Er wurde unterbrochen, oder ein anderes Programm arbeitet daran.</translation>
    </message>
    <message>
        <source>Res&amp;ume</source>
        <translation>F&amp;ortsetzen</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Pause</translation>
    </message>
    <message>
        <source>Go on where the run was left; nothing that was paid for is paid again (Ctrl+Alt+P)</source>
        <translation>Dort weitermachen, wo der Lauf stehen blieb; nichts Bezahltes wird noch einmal bezahlt (Strg+Alt+P)</translation>
    </message>
    <message>
        <source>&amp;Go on</source>
        <translation>&amp;Weiter</translation>
    </message>
    <message>
        <source>Let the run go on (Ctrl+Alt+P)</source>
        <translation>Den Lauf weitergehen lassen (Strg+Alt+P)</translation>
    </message>
    <message>
        <source>When this turn is over nothing happens and nothing is paid until you let it go on (Ctrl+Alt+P)</source>
        <translation>Nach dieser Runde geschieht nichts und kostet nichts, bis Sie den Lauf weitergehen lassen (Strg+Alt+P)</translation>
    </message>
    <message>
        <source>Paused. Nothing happens and nothing is paid.</source>
        <translation>Pausiert. Nichts geschieht, und nichts kostet.</translation>
    </message>
    <message>
        <source>Going on …</source>
        <translation>Es geht weiter …</translation>
    </message>
    <message>
        <source>Pausing … the run stands still when this turn is over.</source>
        <translation>Wird pausiert … der Lauf steht still, wenn diese Runde vorbei ist.</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Dateien</translation>
    </message>
</context>
<context>
    <name>aap::SendingPanel</name>
    <message>
        <source>From what past runs with these stages and this model needed: half of them at most the first sum, nine of ten at most the second</source>
        <translation>Aus dem, was frühere Läufe mit diesen Stufen und diesem Modell brauchten: die Hälfte höchstens die erste Summe, neun von zehn höchstens die zweite</translation>
    </message>
    <message>
        <source>What will be sent</source>
        <translation>Was gesendet wird</translation>
    </message>
    <message>
        <source>Nothing yet</source>
        <translation>Noch nichts</translation>
    </message>
    <message numerus="yes">
        <source>%n word(s)</source>
        <translation>
            <numerusform>%n Wort</numerusform>
            <numerusform>%n Wörter</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 Token</translation>
    </message>
    <message>
        <source> + files %1, when they are read</source>
        <translation> + Dateien %1, wenn sie gelesen werden</translation>
    </message>
    <message>
        <source>No forecast: there is no past run to learn from yet.</source>
        <translation>Keine Vorhersage: Es gibt noch keinen Lauf, aus dem sich lernen ließe.</translation>
    </message>
    <message numerus="yes">
        <source>Forecast p50 %1 · p90 %2 (%n past run(s))</source>
        <translation>
            <numerusform>Vorhersage p50 %1 · p90 %2 (%n früherer Lauf)</numerusform>
            <numerusform>Vorhersage p50 %1 · p90 %2 (%n frühere Läufe)</numerusform>
        </translation>
    </message>
    <message>
        <source>Of some stages nothing is known; they are not in the sums.</source>
        <translation>Von manchen Stufen ist nichts bekannt; sie fehlen in den Summen.</translation>
    </message>
</context>
<context>
    <name>aap::SettingRow</name>
    <message>
        <source>Use default</source>
        <translation>Vorgabe verwenden</translation>
    </message>
    <message>
        <source>Use the default of %1</source>
        <translation>Die Vorgabe für %1 verwenden</translation>
    </message>
    <message>
        <source>Take it out of the configuration file</source>
        <translation>Aus der Konfigurationsdatei nehmen</translation>
    </message>
    <message>
        <source>On</source>
        <translation>Ein</translation>
    </message>
    <message>
        <source>not set</source>
        <translation>nicht gesetzt</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <comment>a setting&apos;s key and origin</comment>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>%1 · %2, which wins over the configuration file</source>
        <translation>%1 · %2, was der Konfigurationsdatei vorgeht</translation>
    </message>
    <message>
        <source>set</source>
        <translation>gesetzt</translation>
    </message>
</context>
<context>
    <name>aap::SettingsPage</name>
    <message>
        <source>Find a setting</source>
        <translation>Einstellung suchen</translation>
    </message>
    <message>
        <source>Kinds of settings</source>
        <translation>Arten von Einstellungen</translation>
    </message>
    <message>
        <source>Provider and key</source>
        <translation>Anbieter und Schlüssel</translation>
    </message>
    <message>
        <source>General</source>
        <translation>Allgemein</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Budgets</source>
        <translation>Budgets</translation>
    </message>
    <message>
        <source>Sandbox</source>
        <translation>Sandbox</translation>
    </message>
    <message>
        <source>Gates and policy</source>
        <translation>Freigaben und Regeln</translation>
    </message>
    <message>
        <source>Checks and repairs</source>
        <translation>Prüfungen und Reparaturen</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>A change is written to %1 and holds from the next run on.</source>
        <translation>Eine Änderung wird in %1 geschrieben und gilt ab dem nächsten Lauf.</translation>
    </message>
    <message>
        <source>Look and language</source>
        <translation>Aussehen und Sprache</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>Meldungen</translation>
    </message>
</context>
<context>
    <name>aap::Sidebar</name>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>aap::Sparkline</name>
    <message>
        <source>%1: no values yet</source>
        <translation>%1: noch keine Werte</translation>
    </message>
    <message>
        <source>%1: last %2, peak %3, lowest %4</source>
        <translation>%1: zuletzt %2, höchstens %3, mindestens %4</translation>
    </message>
    <message>
        <source>No values yet</source>
        <translation>Noch keine Werte</translation>
    </message>
    <message>
        <source>turn %1</source>
        <translation>Runde %1</translation>
    </message>
    <message>
        <source>peak %1</source>
        <translation>höchstens %1</translation>
    </message>
</context>
<context>
    <name>aap::StageCard</name>
    <message>
        <source>turn %1</source>
        <translation>Runde %1</translation>
    </message>
    <message>
        <source>Turn %1, at most %2; %3 tokens in, %4 out, %5 from the cache</source>
        <translation>Runde %1, höchstens %2; %3 Token ein, %4 aus, %5 aus dem Cache</translation>
    </message>
    <message>
        <source>%1 stage</source>
        <translation>Stufe %1</translation>
    </message>
    <message>
        <source>1 check</source>
        <translation>1 Prüfung</translation>
    </message>
    <message>
        <source>%1 checks</source>
        <translation>%1 Prüfungen</translation>
    </message>
    <message>
        <source>%1. %2</source>
        <translation>%1. %2</translation>
    </message>
</context>
<context>
    <name>aap::StageLane</name>
    <message>
        <source>repair %1 of %2</source>
        <translation>Reparatur %1 von %2</translation>
    </message>
</context>
<context>
    <name>aap::StatusParts</name>
    <message>
        <source>Docker engine: open Doctor</source>
        <translation>Docker-Engine: Diagnose öffnen</translation>
    </message>
    <message>
        <source>API key: open Settings</source>
        <translation>API-Schlüssel: Einstellungen öffnen</translation>
    </message>
    <message>
        <source>The model that runs use: open Settings</source>
        <translation>Das Modell der Läufe: Einstellungen öffnen</translation>
    </message>
    <message>
        <source>The stage at work: open the run</source>
        <translation>Die Stufe bei der Arbeit: den Lauf öffnen</translation>
    </message>
    <message>
        <source>Spent by the run that is shown: open the run</source>
        <translation>Ausgaben des gezeigten Laufs: den Lauf öffnen</translation>
    </message>
    <message>
        <source>Whether your text is on disk: open the project</source>
        <translation>Ob Ihr Text gespeichert ist: das Projekt öffnen</translation>
    </message>
    <message>
        <source>Docker</source>
        <translation>Docker</translation>
    </message>
    <message>
        <source>API key</source>
        <translation>API-Schlüssel</translation>
    </message>
</context>
<context>
    <name>aap::SteerBar</name>
    <message>
        <source>S&amp;end</source>
        <translation>S&amp;enden</translation>
    </message>
    <message>
        <source>Message to the agent</source>
        <translation>Nachricht an den Agenten</translation>
    </message>
    <message>
        <source>The agent reads it with its next turn (Ctrl+M)</source>
        <translation>Der Agent liest sie in seiner nächsten Runde (Strg+M)</translation>
    </message>
    <message>
        <source>Send the message to the agent (Return)</source>
        <translation>Die Nachricht an den Agenten senden (Eingabe)</translation>
    </message>
    <message>
        <source>Raise a limit, skip a stage, send a stage back</source>
        <translation>Eine Grenze anheben, eine Stufe überspringen, eine Stufe zurückgeben</translation>
    </message>
    <message>
        <source>&amp;Raise a limit …</source>
        <translation>Grenze &amp;anheben …</translation>
    </message>
    <message>
        <source>&amp;Skip a stage …</source>
        <translation>Stufe über&amp;springen …</translation>
    </message>
    <message>
        <source>Send a stage &amp;back …</source>
        <translation>Stufe &amp;zurückgeben …</translation>
    </message>
    <message>
        <source>read at the next turn</source>
        <translation>wird in der nächsten Runde gelesen</translation>
    </message>
    <message>
        <source>the next agent</source>
        <translation>den nächsten Agenten</translation>
    </message>
    <message>
        <source>Say something to %1 …</source>
        <translation>%1 etwas sagen …</translation>
    </message>
    <message>
        <source>sent; read at the next turn</source>
        <translation>gesendet; wird in der nächsten Runde gelesen</translation>
    </message>
    <message>
        <source>&amp;Raise</source>
        <translation>&amp;Anheben</translation>
    </message>
    <message>
        <source>the limit is raised at the next turn</source>
        <translation>die Grenze wird zur nächsten Runde angehoben</translation>
    </message>
    <message>
        <source>%1 is skipped</source>
        <translation>%1 wird übersprungen</translation>
    </message>
    <message>
        <source>%1 gets your words at the next turn</source>
        <translation>%1 bekommt Ihre Worte zur nächsten Runde</translation>
    </message>
    <message>
        <source>M&amp;ore</source>
        <translation>&amp;Mehr</translation>
    </message>
</context>
<context>
    <name>aap::TemplateBar</name>
    <message>
        <source>&amp;Save as template …</source>
        <translation>Als Vorlage &amp;speichern …</translation>
    </message>
    <message>
        <source>Re&amp;move</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>Template</source>
        <translation>Vorlage</translation>
    </message>
    <message>
        <source>Keep this pipeline under a name, for other projects and for --pipeline</source>
        <translation>Diese Pipeline unter einem Namen behalten, für andere Projekte und für --pipeline</translation>
    </message>
    <message>
        <source>Remove this template of yours; projects that began with it stay as they are</source>
        <translation>Diese eigene Vorlage entfernen; Projekte, die mit ihr begannen, bleiben, wie sie sind</translation>
    </message>
    <message>
        <source>&amp;Template</source>
        <translation>&amp;Vorlage</translation>
    </message>
    <message>
        <source>Standard, as the settings say</source>
        <translation>Standard, wie eingestellt</translation>
    </message>
    <message>
        <source>Without deployment</source>
        <translation>Ohne Bereitstellung</translation>
    </message>
    <message>
        <source>Ask me before every stage</source>
        <translation>Vor jeder Stufe fragen</translation>
    </message>
    <message>
        <source>of its own</source>
        <translation>eigene</translation>
    </message>
    <message>
        <source>template %1</source>
        <translation>Vorlage %1</translation>
    </message>
    <message>
        <source>Save as template</source>
        <translation>Als Vorlage speichern</translation>
    </message>
    <message>
        <source>The pipeline as it is now, with stages, models, limits, tasks and gates. A template of that name is replaced.</source>
        <translation>Die Pipeline, wie sie jetzt ist, mit Stufen, Modellen, Grenzen, Aufgaben und Rückfragen. Eine Vorlage dieses Namens wird ersetzt.</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Speichern</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
</context>
<context>
    <name>aap::TimeSlider</name>
    <message>
        <source>&amp;Now</source>
        <translation>&amp;Jetzt</translation>
    </message>
    <message>
        <source>Run a&amp;gain from here …</source>
        <translation>Von hier wie&amp;derholen …</translation>
    </message>
    <message>
        <source>Moment of the run</source>
        <translation>Augenblick des Laufs</translation>
    </message>
    <message>
        <source>The project as it was after each tool call</source>
        <translation>Das Projekt, wie es nach jedem Werkzeugaufruf war</translation>
    </message>
    <message>
        <source>Back to the newest state</source>
        <translation>Zurück zum neuesten Stand</translation>
    </message>
    <message>
        <source>A new run with everything up to this moment (Ctrl+Shift+R)</source>
        <translation>Ein neuer Lauf mit allem bis zu diesem Augenblick (Strg+Umschalt+R)</translation>
    </message>
    <message>
        <source>files edited by hand</source>
        <translation>Dateien von Hand geändert</translation>
    </message>
    <message>
        <source>Now. Move back to see the project as it was.</source>
        <translation>Jetzt. Zurückgehen zeigt das Projekt, wie es war.</translation>
    </message>
</context>
<context>
    <name>aap::TranscriptModel</name>
    <message>
        <source>(withdrawn: the connection broke, the turn is asked again)</source>
        <translation>(zurückgezogen: Die Verbindung brach ab, die Runde wird noch einmal gestellt)</translation>
    </message>
    <message>
        <source>, repair round %1</source>
        <translation>, Reparatur %1</translation>
    </message>
    <message>
        <source>The program checks the result of %1 itself</source>
        <translation>Das Programm prüft das Ergebnis von %1 selbst</translation>
    </message>
    <message>
        <source>Repair %1 of %2: one test fails</source>
        <translation>Reparatur %1 von %2: Ein Test schlägt fehl</translation>
    </message>
    <message>
        <source>Repair %1 of %2: %3 tests fail</source>
        <translation>Reparatur %1 von %2: %3 Tests schlagen fehl</translation>
    </message>
    <message>
        <source>Decision: %1 (%2)</source>
        <translation>Entscheidung: %1 (%2)</translation>
    </message>
    <message>
        <source>Deployment: %1</source>
        <translation>Bereitstellung: %1</translation>
    </message>
    <message>
        <source>exit code %1</source>
        <translation>Rückgabewert %1</translation>
    </message>
    <message numerus="yes">
        <source>%n line(s)</source>
        <translation>
            <numerusform>%n Zeile</numerusform>
            <numerusform>%n Zeilen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n call(s)</source>
        <translation>
            <numerusform>%n Aufruf</numerusform>
            <numerusform>%n Aufrufe</numerusform>
        </translation>
    </message>
    <message>
        <source>You: %1</source>
        <translation>Sie: %1</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Pausiert</translation>
    </message>
    <message>
        <source>The run goes on</source>
        <translation>Der Lauf geht weiter</translation>
    </message>
    <message>
        <source>You raised a limit. %1</source>
        <translation>Sie haben eine Grenze angehoben. %1</translation>
    </message>
    <message>
        <source>You: skip %1</source>
        <translation>Sie: %1 überspringen</translation>
    </message>
    <message>
        <source>You sent %1 back: %2</source>
        <translation>Sie haben %1 zurückgegeben: %2</translation>
    </message>
    <message>
        <source>You edited: %1</source>
        <translation>Sie haben bearbeitet: %1</translation>
    </message>
    <message>
        <source>Network: %1 was reached</source>
        <translation>Netz: %1 wurde erreicht</translation>
    </message>
</context>
<context>
    <name>aap::TranscriptView</name>
    <message>
        <source>Transcript</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Go to the newest row</source>
        <translation>Zur neuesten Zeile</translation>
    </message>
    <message>
        <source>What the agents say and do appears here.</source>
        <translation>Hier erscheint, was die Agenten sagen und tun.</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Open the full &amp;log</source>
        <translation>Ganzes &amp;Protokoll öffnen</translation>
    </message>
    <message>
        <source>&amp;Fold all</source>
        <translation>Alles &amp;einklappen</translation>
    </message>
    <message>
        <source>&amp;Unfold all</source>
        <translation>Alles &amp;ausklappen</translation>
    </message>
    <message numerus="yes">
        <source>↓ %n new</source>
        <translation>
            <numerusform>↓ %n neue</numerusform>
            <numerusform>↓ %n neue</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>aap::TrayIcon</name>
    <message>
        <source>Show window</source>
        <translation>Fenster zeigen</translation>
    </message>
</context>
<context>
    <name>aap::WelcomePage</name>
    <message>
        <source>Turn requirements into tested software.</source>
        <translation>Aus Anforderungen wird getestete Software.</translation>
    </message>
    <message>
        <source>Five agents design, write, test, deploy and monitor what you describe, each in a closed sandbox. You watch every turn and every cent, and the program checks every result itself.</source>
        <translation>Fünf Agenten entwerfen, schreiben, testen, bereitstellen und überwachen, was Sie beschreiben, jeder in einer geschlossenen Sandbox. Sie sehen jede Runde und jeden Cent, und das Programm prüft jedes Ergebnis selbst.</translation>
    </message>
    <message>
        <source>Try the &amp;demo</source>
        <translation>&amp;Demo ausprobieren</translation>
    </message>
    <message>
        <source>A recorded run: no key is needed and nothing is spent, about a minute.</source>
        <translation>Ein aufgezeichneter Lauf: kein Schlüssel nötig, nichts wird ausgegeben, etwa eine Minute.</translation>
    </message>
    <message>
        <source>&amp;Write requirements</source>
        <translation>&amp;Anforderungen schreiben</translation>
    </message>
    <message>
        <source>Say what your own project shall do.</source>
        <translation>Sagen Sie, was Ihr eigenes Projekt tun soll.</translation>
    </message>
    <message>
        <source>&amp;New project …</source>
        <translation>&amp;Neues Projekt …</translation>
    </message>
    <message>
        <source>A project in a file of its own, from a template if you like.</source>
        <translation>Ein Projekt in einer eigenen Datei, auf Wunsch aus einer Vorlage.</translation>
    </message>
    <message>
        <source>&amp;Open …</source>
        <translation>Ö&amp;ffnen …</translation>
    </message>
    <message>
        <source>A project file that you have already.</source>
        <translation>Eine Projektdatei, die Sie schon haben.</translation>
    </message>
    <message>
        <source>Recent projects</source>
        <translation>Letzte Projekte</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>%1 öffnen</translation>
    </message>
    <message>
        <source>Remove from list</source>
        <translation>Aus der Liste nehmen</translation>
    </message>
    <message>
        <source>Remove %1 from the list</source>
        <translation>%1 aus der Liste nehmen</translation>
    </message>
    <message>
        <source>Ready for a run of your own?</source>
        <translation>Bereit für einen eigenen Lauf?</translation>
    </message>
    <message>
        <source>Looking …</source>
        <translation>Wird gesucht …</translation>
    </message>
    <message>
        <source>&amp;Open Doctor</source>
        <translation>&amp;Diagnose öffnen</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Nothing stands in the way.</source>
        <translation>Nichts steht im Weg.</translation>
    </message>
</context>
<context>
    <name>aap::WindowActions</name>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;New project …</source>
        <translation>&amp;Neues Projekt …</translation>
    </message>
    <message>
        <source>Begin a project in a file of its own</source>
        <translation>Ein Projekt in einer eigenen Datei beginnen</translation>
    </message>
    <message>
        <source>&amp;Open …</source>
        <translation>Ö&amp;ffnen …</translation>
    </message>
    <message>
        <source>Open a project file</source>
        <translation>Eine Projektdatei öffnen</translation>
    </message>
    <message>
        <source>&amp;Save now</source>
        <translation>Jetzt &amp;speichern</translation>
    </message>
    <message>
        <source>Write the project to disk now; it happens by itself a second after the last change</source>
        <translation>Das Projekt jetzt speichern; es geschieht von selbst eine Sekunde nach der letzten Änderung</translation>
    </message>
    <message>
        <source>Save a cop&amp;y …</source>
        <translation>&amp;Kopie speichern …</translation>
    </message>
    <message>
        <source>Write the project to another file as well</source>
        <translation>Das Projekt auch in eine andere Datei schreiben</translation>
    </message>
    <message>
        <source>&amp;Export …</source>
        <translation>&amp;Exportieren …</translation>
    </message>
    <message>
        <source>Se&amp;ttings</source>
        <translation>E&amp;instellungen</translation>
    </message>
    <message>
        <source>Everything that can be set, and where its value came from</source>
        <translation>Alles, was eingestellt werden kann, und woher der Wert kommt</translation>
    </message>
    <message>
        <source>&amp;Close tab</source>
        <translation>Tab s&amp;chließen</translation>
    </message>
    <message>
        <source>Close the run that is shown; a run at work goes on</source>
        <translation>Den gezeigten Lauf schließen; ein Lauf im Gange geht weiter</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>Close the window</source>
        <translation>Das Fenster schließen</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>Take back the last change</source>
        <translation>Die letzte Änderung zurücknehmen</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>Do again what was taken back</source>
        <translation>Das Zurückgenommene wiederholen</translation>
    </message>
    <message>
        <source>Cu&amp;t</source>
        <translation>&amp;Ausschneiden</translation>
    </message>
    <message>
        <source>Move what is selected to the clipboard</source>
        <translation>Das Ausgewählte in die Zwischenablage verschieben</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Copy what is selected to the clipboard</source>
        <translation>Das Ausgewählte in die Zwischenablage kopieren</translation>
    </message>
    <message>
        <source>&amp;Paste</source>
        <translation>E&amp;infügen</translation>
    </message>
    <message>
        <source>Insert what the clipboard holds</source>
        <translation>Den Inhalt der Zwischenablage einfügen</translation>
    </message>
    <message>
        <source>Select &amp;all</source>
        <translation>&amp;Alles auswählen</translation>
    </message>
    <message>
        <source>Select everything in this place</source>
        <translation>Hier alles auswählen</translation>
    </message>
    <message>
        <source>&amp;Find</source>
        <translation>&amp;Suchen</translation>
    </message>
    <message>
        <source>Look for something on this page</source>
        <translation>Auf dieser Seite etwas suchen</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Welcome</source>
        <translation>&amp;Willkommen</translation>
    </message>
    <message>
        <source>&amp;Project</source>
        <translation>&amp;Projekt</translation>
    </message>
    <message>
        <source>P&amp;ipeline</source>
        <translation>P&amp;ipeline</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>&amp;Lauf</translation>
    </message>
    <message>
        <source>&amp;Artifacts</source>
        <translation>&amp;Ergebnisse</translation>
    </message>
    <message>
        <source>&amp;History</source>
        <translation>Lä&amp;ufe</translation>
    </message>
    <message>
        <source>S&amp;ettings</source>
        <translation>Ei&amp;nstellungen</translation>
    </message>
    <message>
        <source>&amp;Doctor</source>
        <translation>&amp;Diagnose</translation>
    </message>
    <message>
        <source>Go to this page</source>
        <translation>Zu dieser Seite gehen</translation>
    </message>
    <message>
        <source>&amp;Sidebar with names</source>
        <translation>&amp;Seitenleiste mit Namen</translation>
    </message>
    <message>
        <source>Show the pages with their names, or as icons</source>
        <translation>Die Seiten mit ihren Namen zeigen oder als Symbole</translation>
    </message>
    <message>
        <source>&amp;Full screen</source>
        <translation>&amp;Vollbild</translation>
    </message>
    <message>
        <source>Use the whole screen</source>
        <translation>Den ganzen Bildschirm verwenden</translation>
    </message>
    <message>
        <source>&amp;Next pane</source>
        <translation>&amp;Nächster Bereich</translation>
    </message>
    <message>
        <source>Go on to the next part of the window</source>
        <translation>Zum nächsten Teil des Fensters gehen</translation>
    </message>
    <message>
        <source>Pre&amp;vious pane</source>
        <translation>V&amp;origer Bereich</translation>
    </message>
    <message>
        <source>Go back to the part of the window before</source>
        <translation>Zum vorigen Teil des Fensters gehen</translation>
    </message>
    <message>
        <source>Next &amp;tab</source>
        <translation>Nächster &amp;Tab</translation>
    </message>
    <message>
        <source>Show the next run</source>
        <translation>Den nächsten Lauf zeigen</translation>
    </message>
    <message>
        <source>Previous ta&amp;b</source>
        <translation>Voriger Ta&amp;b</translation>
    </message>
    <message>
        <source>Show the run before</source>
        <translation>Den vorigen Lauf zeigen</translation>
    </message>
    <message>
        <source>Re&amp;load, check again</source>
        <translation>Neu &amp;laden, erneut prüfen</translation>
    </message>
    <message>
        <source>Read the files and look at everything anew</source>
        <translation>Die Dateien lesen und alles neu ansehen</translation>
    </message>
    <message>
        <source>Colours of the &amp;system</source>
        <translation>Farben des &amp;Systems</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>&amp;Hell</translation>
    </message>
    <message>
        <source>Dar&amp;k</source>
        <translation>D&amp;unkel</translation>
    </message>
    <message>
        <source>Change the colours at once</source>
        <translation>Die Farben sofort wechseln</translation>
    </message>
    <message>
        <source>&amp;Start run</source>
        <translation>Lauf &amp;starten</translation>
    </message>
    <message>
        <source>Start the five agents on the requirements</source>
        <translation>Die fünf Agenten auf die Anforderungen ansetzen</translation>
    </message>
    <message>
        <source>&amp;Compare</source>
        <translation>&amp;Vergleichen</translation>
    </message>
    <message>
        <source>Show what differs between the two runs chosen in the history</source>
        <translation>Zeigen, worin sich die zwei gewählten Läufe unterscheiden</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>&amp;Anhalten</translation>
    </message>
    <message>
        <source>Stop the run that is shown in order; everything made so far is kept</source>
        <translation>Den gezeigten Lauf geordnet anhalten; alles bisher Gemachte bleibt</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Find action</source>
        <translation>&amp;Aktion suchen</translation>
    </message>
    <message>
        <source>Type what you want to do</source>
        <translation>Tippen Sie, was Sie tun möchten</translation>
    </message>
    <message>
        <source>D&amp;octor</source>
        <translation>D&amp;iagnose</translation>
    </message>
    <message>
        <source>Look whether everything is there that a run needs</source>
        <translation>Nachsehen, ob alles da ist, was ein Lauf braucht</translation>
    </message>
    <message>
        <source>Try the &amp;demo</source>
        <translation>&amp;Demo ausprobieren</translation>
    </message>
    <message>
        <source>A recorded run: no key is needed and nothing is spent</source>
        <translation>Ein aufgezeichneter Lauf: kein Schlüssel nötig, nichts wird ausgegeben</translation>
    </message>
    <message>
        <source>&amp;About Agent Pipeline</source>
        <translation>Ü&amp;ber Agent Pipeline</translation>
    </message>
    <message>
        <source>Version and licence</source>
        <translation>Version und Lizenz</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Pause</translation>
    </message>
    <message>
        <source>Let the run stand still when its turn is over, go on, or resume where it was left</source>
        <translation>Den Lauf nach seiner Runde stillstehen, weitergehen oder dort fortsetzen lassen, wo er stehen blieb</translation>
    </message>
    <message>
        <source>&amp;Approve gate</source>
        <translation>&amp;Freigeben</translation>
    </message>
    <message>
        <source>Let the run that waits at a gate go on</source>
        <translation>Den Lauf weitergehen lassen, der an einer Freigabe wartet</translation>
    </message>
    <message>
        <source>Send &amp;back …</source>
        <translation>&amp;Zurückgeben …</translation>
    </message>
    <message>
        <source>Say what shall change: at a gate, or of a stage that has begun</source>
        <translation>Sagen, was sich ändern soll: an einer Freigabe oder an einer Stufe, die begonnen hat</translation>
    </message>
    <message>
        <source>&amp;Message the agent</source>
        <translation>Dem Agenten etwas &amp;sagen</translation>
    </message>
    <message>
        <source>Say something to the agent at work; it reads it with its next turn</source>
        <translation>Dem arbeitenden Agenten etwas sagen; er liest es in seiner nächsten Runde</translation>
    </message>
    <message>
        <source>Raise a &amp;limit …</source>
        <translation>&amp;Grenze anheben …</translation>
    </message>
    <message>
        <source>Allow the run more money, turns or time</source>
        <translation>Dem Lauf mehr Geld, Runden oder Zeit erlauben</translation>
    </message>
    <message>
        <source>S&amp;kip a stage …</source>
        <translation>Stufe ü&amp;berspringen …</translation>
    </message>
    <message>
        <source>Go on without a stage; the run completes with a waiver</source>
        <translation>Ohne eine Stufe weitermachen; der Lauf schließt mit Ausnahmen ab</translation>
    </message>
    <message>
        <source>&amp;Run again from stage …</source>
        <translation>Ab Stufe &amp;wiederholen …</translation>
    </message>
    <message>
        <source>A new run that takes over what was before a stage</source>
        <translation>Ein neuer Lauf, der übernimmt, was vor einer Stufe war</translation>
    </message>
    <message>
        <source>&amp;Next problem</source>
        <translation>&amp;Nächstes Problem</translation>
    </message>
    <message>
        <source>Go to the next thing that is wrong in this run</source>
        <translation>Zum nächsten, was in diesem Lauf nicht stimmt</translation>
    </message>
    <message>
        <source>Previous pr&amp;oblem</source>
        <translation>V&amp;origes Problem</translation>
    </message>
    <message>
        <source>Go to the thing before that is wrong in this run</source>
        <translation>Zum vorigen, was in diesem Lauf nicht stimmt</translation>
    </message>
    <message>
        <source>&amp;Larger text</source>
        <translation>&amp;Größere Schrift</translation>
    </message>
    <message>
        <source>Make every text of the window larger</source>
        <translation>Alle Texte des Fensters größer machen</translation>
    </message>
    <message>
        <source>S&amp;maller text</source>
        <translation>&amp;Kleinere Schrift</translation>
    </message>
    <message>
        <source>Make every text of the window smaller</source>
        <translation>Alle Texte des Fensters kleiner machen</translation>
    </message>
    <message>
        <source>N&amp;ormal text</source>
        <translation>N&amp;ormale Schrift</translation>
    </message>
    <message>
        <source>Show texts in the size of the system</source>
        <translation>Texte in der Größe des Systems zeigen</translation>
    </message>
    <message>
        <source>What the page in front is for, and how things work</source>
        <translation>Wofür die Seite da ist und wie alles geht</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts</source>
        <translation>&amp;Tastenkürzel</translation>
    </message>
    <message>
        <source>Every action that has a key</source>
        <translation>Jede Aktion, die eine Taste hat</translation>
    </message>
    <message>
        <source>Write the results of the run chosen in the history into a ZIP file or a signed bundle</source>
        <translation>Die Ergebnisse des in der Historie gewählten Laufs in eine ZIP-Datei oder ein signiertes Bündel schreiben</translation>
    </message>
    <message>
        <source>&amp;Verify export …</source>
        <translation>Export &amp;prüfen …</translation>
    </message>
    <message>
        <source>Look whether a bundle is as it was signed, and by which key</source>
        <translation>Nachsehen, ob ein Bündel ist, wie es signiert wurde, und mit welchem Schlüssel</translation>
    </message>
    <message>
        <source>Attac&amp;h files …</source>
        <translation>Dateien &amp;beilegen …</translation>
    </message>
    <message>
        <source>Add files that the agents shall have to the project</source>
        <translation>Dem Projekt Dateien beilegen, die die Agenten haben sollen</translation>
    </message>
    <message>
        <source>&amp;Import run …</source>
        <translation>Lauf &amp;importieren …</translation>
    </message>
    <message>
        <source>Take a run that somebody handed on as a bundle into the history, to be read</source>
        <translation>Einen Lauf, den jemand als Bündel weitergab, zum Lesen in die Historie nehmen</translation>
    </message>
</context>
<context>
    <name>aap::AgentsPane</name>
    <message>
        <source>Agents</source>
        <translation>Agenten</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message numerus="yes">
        <source>%n turn(s)</source>
        <translation>
            <numerusform>%n Runde</numerusform>
            <numerusform>%n Runden</numerusform>
        </translation>
    </message>
    <message>
        <source>Plan of %1</source>
        <translation>Plan von %1</translation>
    </message>
    <message>
        <source>%1 has no plan yet</source>
        <translation>%1 hat noch keinen Plan</translation>
    </message>
    <message>
        <source>Context: %1 tokens</source>
        <translation>Kontext: %1 Token</translation>
    </message>
    <message>
        <source>Context: %1 % of %2 tokens</source>
        <translation>Kontext: %1 % von %2 Token</translation>
    </message>
</context>
<context>
    <name>aap::SandboxPanel</name>
    <message>
        <source>Processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>&amp;Copy docker command</source>
        <translation>Docker-Befehl &amp;kopieren</translation>
    </message>
    <message>
        <source>Open &amp;terminal</source>
        <translation>&amp;Terminal öffnen</translation>
    </message>
    <message>
        <source>Processes in the sandbox</source>
        <translation>Prozesse in der Sandbox</translation>
    </message>
    <message>
        <source>%1 ago</source>
        <translation>vor %1</translation>
    </message>
    <message>
        <source>A command that opens a shell in the sandbox, to be run in a terminal of yours</source>
        <translation>Ein Befehl, der eine Shell in der Sandbox öffnet, für ein eigenes Terminal</translation>
    </message>
    <message>
        <source>A shell in the sandbox, in a terminal of the desktop</source>
        <translation>Eine Shell in der Sandbox, in einem Terminal des Desktops</translation>
    </message>
    <message>
        <source>A sandbox has at most %1 processors, %2 of memory and %3 processes.</source>
        <translation>Eine Sandbox hat höchstens %1 Prozessoren, %2 Speicher und %3 Prozesse.</translation>
    </message>
    <message>
        <source>No sandbox is open at this moment.</source>
        <translation>Gerade ist keine Sandbox offen.</translation>
    </message>
    <message>
        <source>No sandbox: nothing of this run is at work.</source>
        <translation>Keine Sandbox: Von diesem Lauf arbeitet nichts.</translation>
    </message>
    <message>
        <source>%1 · container %2 · image %3</source>
        <translation>%1 · Container %2 · Image %3</translation>
    </message>
</context>
<context>
    <name>aap::DemoTour</name>
    <message>
        <source>&amp;Back</source>
        <translation>&amp;Zurück</translation>
    </message>
    <message>
        <source>&amp;End the tour</source>
        <translation>Rundgang &amp;beenden</translation>
    </message>
    <message>
        <source>&amp;Done</source>
        <translation>&amp;Fertig</translation>
    </message>
    <message>
        <source>&amp;Next</source>
        <translation>&amp;Weiter</translation>
    </message>
    <message>
        <source>%1 of %2 · %3</source>
        <translation>%1 von %2 · %3</translation>
    </message>
    <message>
        <source>Run: the cards show how far it is, below them every word and every command of the agents. A tick is the program's own check, never a model's word.</source>
        <translation>Lauf: Die Karten zeigen, wie weit er ist, darunter stehen jedes Wort und jeder Befehl der Agenten. Ein Haken ist eine Prüfung des Programms, nie das Wort eines Modells.</translation>
    </message>
    <message>
        <source>Artifacts: every file the agents have written. Open one: nothing in it is executed, followed or fetched.</source>
        <translation>Ergebnisse: jede Datei, die die Agenten geschrieben haben. Öffnen Sie eine: Nichts darin wird ausgeführt, verfolgt oder geladen.</translation>
    </message>
    <message>
        <source>History: every run stays here. Read it again, compare two, go on with one that was interrupted, or run it again from a stage.</source>
        <translation>Läufe: Hier bleibt jeder Lauf. Lesen Sie ihn noch einmal, vergleichen Sie zwei, setzen Sie einen unterbrochenen fort, oder beginnen Sie ab einer Stufe neu.</translation>
    </message>
    <message>
        <source>Project: here you write what your own project shall do, a line for each requirement.</source>
        <translation>Projekt: Hier schreiben Sie, was Ihr eigenes Projekt tun soll, eine Zeile für jede Anforderung.</translation>
    </message>
    <message>
        <source>Pipeline: the five stages, their models and limits, and before which of them you are asked.</source>
        <translation>Pipeline: die fünf Stufen, ihre Modelle und Grenzen, und vor welchen Sie gefragt werden.</translation>
    </message>
    <message>
        <source>Settings: your key and your budget. Every value says where it came from.</source>
        <translation>Einstellungen: Ihr Schlüssel und Ihr Budget. Jeder Wert sagt, woher er kommt.</translation>
    </message>
    <message>
        <source>Doctor: what is still missing for a run of your own, and how to mend it.</source>
        <translation>Diagnose: was für einen eigenen Lauf noch fehlt, und wie man es behebt.</translation>
    </message>
</context>
</TS>
