#!/bin/sh
# Two types of one name in headers of one namespace are one type to the linker, whatever the compiler saw: memory is freed that was
# never taken. No compiler warns of it.
#   one_definition.sh SOURCE_FOLDER
cd "$1" || exit 2
definitions() {
    find core sandbox ui app tests/support -name '*.h' -exec grep -HoE '^(struct|class|enum class) (\[\[nodiscard\]\] )?[A-Z][A-Za-z0-9]+( final)?( *:[^{;:][^{;]*)? *\{' {} + |
        sed -E 's/\[\[nodiscard\]\] //; s/enum class/enum/; s/^([^:]*):(struct|class|enum) ([A-Za-z0-9]+).*/\3 \1/' | sort -u
}
found=$(definitions | wc -l)
[ "$found" -gt 100 ] || { echo "only $found definitions were found: the pattern is broken"; exit 1; }
twice=$(definitions | awk '{print $1}' | uniq -d)
[ -z "$twice" ] || { echo "defined in more than one header:"; definitions | grep -E "^($(echo "$twice" | paste -sd'|')) "; exit 1; }
