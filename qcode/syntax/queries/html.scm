; What an HTML page names: elements with an id.
(element (start_tag (attribute (attribute_name) @_a (quoted_attribute_value (attribute_value) @name))) (#says? @_a "^id$")) @id
(element (self_closing_tag (attribute (attribute_name) @_a (quoted_attribute_value (attribute_value) @name))) (#says? @_a "^id$")) @id
