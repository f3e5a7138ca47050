; What a style sheet names.
(rule_set (selectors [(class_selector (class_name) @name) (id_selector (id_name) @name) (tag_name) @name])) @selector
(rule_set (selectors (_ [(class_selector (class_name) @name) (id_selector (id_name) @name)]))) @selector
(keyframes_statement (keyframes_name) @name) @keyframes
(declaration (property_name) @name (#says? @name "^--")) @variable
