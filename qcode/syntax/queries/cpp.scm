; Definitions of C++. @owner is the class before `::`.
(function_definition declarator: (function_declarator declarator: (identifier) @name)) @function
(function_definition declarator: (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))) @function
(function_definition declarator: (pointer_declarator declarator: (pointer_declarator declarator: (function_declarator declarator: (identifier) @name)))) @function
(struct_specifier name: (type_identifier) @name body: (_)) @struct
(union_specifier name: (type_identifier) @name body: (_)) @union
(enum_specifier name: (type_identifier) @name body: (_)) @enum
(enumerator name: (identifier) @name) @constant
(field_declaration declarator: [(field_identifier) @name (pointer_declarator declarator: (field_identifier) @name) (array_declarator declarator: (field_identifier) @name)]) @property
(type_definition declarator: [(type_identifier) @name (pointer_declarator declarator: (type_identifier) @name)]) @type
(type_definition declarator: (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator: (type_identifier) @name)))) @type
(preproc_def name: (identifier) @name) @macro
(preproc_function_def name: (identifier) @name) @macro
(translation_unit (declaration declarator: [(identifier) @name (init_declarator declarator: [(identifier) @name (pointer_declarator declarator: (identifier) @name) (array_declarator declarator: (identifier) @name)]) (array_declarator declarator: (identifier) @name) (pointer_declarator declarator: (identifier) @name)]) @variable)
(function_definition declarator: (function_declarator declarator: [(field_identifier) @name (destructor_name) @name (operator_name) @name])) @method
(function_definition declarator: (function_declarator declarator: (qualified_identifier scope: (_) @owner name: [(identifier) @name (destructor_name) @name (operator_name) @name]))) @method
(function_definition declarator: (function_declarator declarator: (qualified_identifier name: (qualified_identifier scope: (_) @owner name: [(identifier) @name (destructor_name) @name (operator_name) @name])))) @method
(function_definition declarator: (reference_declarator (function_declarator declarator: [(identifier) @name (field_identifier) @name (operator_name) @name]))) @function
(function_definition declarator: (reference_declarator (function_declarator declarator: (qualified_identifier scope: (_) @owner name: [(identifier) @name (operator_name) @name])))) @method
(function_definition declarator: (pointer_declarator declarator: (function_declarator declarator: [(field_identifier) @name (qualified_identifier name: (identifier) @name)]))) @method
(field_declaration declarator: (function_declarator declarator: [(field_identifier) @name (operator_name) @name])) @method
(field_declaration declarator: [(pointer_declarator declarator: (function_declarator declarator: (field_identifier) @name)) (reference_declarator (function_declarator declarator: [(field_identifier) @name (operator_name) @name]))]) @method
(class_specifier name: [(type_identifier) @name (qualified_identifier name: (type_identifier) @name) (template_type name: (type_identifier) @name)] body: (_)) @class
(namespace_definition name: (_) @name) @namespace
(alias_declaration name: (type_identifier) @name) @type
(concept_definition name: (identifier) @name) @type
(namespace_definition body: (declaration_list (declaration declarator: [(identifier) @name (init_declarator declarator: (identifier) @name)]) @variable))
