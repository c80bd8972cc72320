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
</context>
<context>
    <name>aap::DemoRibbon</name>
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
        <source>Pages</source>
        <translation>Seiten</translation>
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
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
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
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
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
        <source>About Agent Pipeline</source>
        <translation>Über Agent Pipeline</translation>
    </message>
    <message>
        <source>Agent Pipeline %1
Five agents turn requirements into a verified project.
Apache License 2.0</source>
        <translation>Agent Pipeline %1
Fünf Agenten machen aus Anforderungen ein geprüftes Projekt.
Apache-Lizenz 2.0</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Schließen</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Project</source>
        <translation>&amp;Projekt</translation>
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
        <source>&amp;Doctor</source>
        <translation>&amp;Diagnose</translation>
    </message>
    <message>
        <source>Go to this page</source>
        <translation>Zu dieser Seite gehen</translation>
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
        <source>S&amp;top</source>
        <translation>&amp;Anhalten</translation>
    </message>
    <message>
        <source>Stop the run in order; everything made so far is kept</source>
        <translation>Den Lauf geordnet anhalten; alles bisher Gemachte bleibt</translation>
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
        <source>%1 Docker</source>
        <translation>%1 Docker</translation>
    </message>
    <message>
        <source>%1 API key</source>
        <translation>%1 API-Schlüssel</translation>
    </message>
    <message>
        <source>Doctor  !</source>
        <translation>Diagnose  !</translation>
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
        <source>A run is at work</source>
        <translation>Ein Lauf ist im Gange</translation>
    </message>
    <message>
        <source>The run stops in order before the window closes. Everything made so far is kept.</source>
        <translation>Der Lauf hält geordnet an, bevor das Fenster schließt. Alles bisher Gemachte bleibt.</translation>
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
        <source>What the run has deployed goes on running on this machine's Docker engine after the window closes, until it is removed.</source>
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
    <name>aap::MetricsPanel</name>
    <message>
        <source>Cost by turn</source>
        <translation>Kosten je Runde</translation>
    </message>
    <message>
        <source>Model's time by turn</source>
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
    <name>aap::ProjectPage</name>
    <message>
        <source>&amp;Start run</source>
        <translation>Lauf &amp;starten</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>&amp;Anhalten</translation>
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
        <source>1 word</source>
        <translation>1 Wort</translation>
    </message>
    <message>
        <source>%1 words</source>
        <translation>%1 Wörter</translation>
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
        <source>Model's time</source>
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
    <name>aap::RunPage</name>
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
        <source>Comment for the decision</source>
        <translation>Bemerkung zur Entscheidung</translation>
    </message>
    <message>
        <source>Comment (optional)</source>
        <translation>Bemerkung (freiwillig)</translation>
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
        <source>Do &amp;not allow</source>
        <translation>&amp;Nicht erlauben</translation>
    </message>
    <message>
        <source>The run ends here; everything made so far is kept</source>
        <translation>Der Lauf endet hier; alles bisher Gemachte bleibt</translation>
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
        <source>What the run has deployed still runs on this machine's Docker engine.</source>
        <translation>Was der Lauf bereitgestellt hat, läuft noch in der Docker-Engine dieses Rechners.</translation>
    </message>
    <message>
        <source>What %1 runs have deployed still runs on this machine's Docker engine.</source>
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
        <source>the user</source>
        <translation>der Benutzer</translation>
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
        <source>turn %1: %2</source>
        <translation>Runde %1: %2</translation>
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
</context>
<context>
    <name>aap::StageLane</name>
    <message>
        <source>repair %1 of %2</source>
        <translation>Reparatur %1 von %2</translation>
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
</TS>
