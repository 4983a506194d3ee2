/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.files;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonTypeInfo;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.databind.DatabindContext;
import org.nd4j.shade.jackson.databind.DeserializationContext;
import org.nd4j.shade.jackson.databind.JavaType;
import org.nd4j.shade.jackson.databind.JsonDeserializer;
import org.nd4j.shade.jackson.databind.JsonMappingException;
import org.nd4j.shade.jackson.databind.cfg.MapperConfig;
import org.nd4j.shade.jackson.databind.introspect.Annotated;
import org.nd4j.shade.jackson.databind.introspect.JacksonAnnotationIntrospector;
import org.nd4j.shade.jackson.databind.jsontype.TypeResolverBuilder;
import org.nd4j.shade.jackson.databind.jsontype.impl.StdTypeResolverBuilder;
import org.nd4j.shade.jackson.databind.jsontype.impl.TypeIdResolverBase;

/**
 * The only classes that a mapper may instantiate where Jackson looks for them, in whatever form a
 * document names one: a property, an array around the value, a generic type. A name that is not
 * allowed at this place is neither loaded nor initialised. Where no name is given, DL4J falls back
 * to mappers of its own for older formats; that is not used.
 *
 * <p>Names that Jackson looks up in a closed list ({@code Id.NAME}) are left as they are.
 */
final class AllowedTypes extends JacksonAnnotationIntrospector {
  private static final long serialVersionUID = 1L;

  private final Set<String> packages;
  private final Map<String, Class<?>> classes;

  /**
   * Creates an introspector that allows the given classes.
   *
   * @param packages whose classes are allowed, without their sub-packages
   * @param classes further ones
   */
  AllowedTypes(Set<String> packages, Class<?>... classes) {
    this.packages = packages;
    this.classes =
        Arrays.stream(classes)
            .distinct()
            .collect(Collectors.toUnmodifiableMap(Class::getName, Function.identity()));
  }

  @Override
  protected TypeResolverBuilder<?> _findTypeResolver(
      MapperConfig<?> config, Annotated annotated, JavaType base) {
    JsonTypeInfo info = _findAnnotation(annotated, JsonTypeInfo.class);
    if (info == null || info.use() == JsonTypeInfo.Id.NAME) {
      return super._findTypeResolver(config, annotated, base);
    }
    return new StdTypeResolverBuilder()
        .init(JsonTypeInfo.Id.CUSTOM, new Names(base))
        .inclusion(JsonTypeInfo.As.PROPERTY)
        .typeProperty(
            info.property().isEmpty()
                ? JsonTypeInfo.Id.CLASS.getDefaultPropertyName()
                : info.property());
  }

  /** Rejects arrays of ND4J: DL4J's deserialiser hands their shape and data to ND4J unchecked. */
  @Override
  public Object findDeserializer(Annotated annotated) {
    return INDArray.class.isAssignableFrom(annotated.getRawType())
        ? new NoArray()
        : super.findDeserializer(annotated);
  }

  private static final class NoArray extends JsonDeserializer<INDArray> {
    @Override
    public INDArray deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      throw JsonMappingException.from(
          context, "it holds the array %s; expected null".formatted(parser.currentName()));
    }
  }

  /** Returns the class of a name, not initialised; null if it is not allowed. */
  private Class<?> find(String name) {
    if (classes.containsKey(name)) {
      return classes.get(name);
    }
    if (!packages.contains(name.substring(0, Math.max(0, name.lastIndexOf('.'))))) {
      return null;
    }
    try {
      return Class.forName(name, false, AllowedTypes.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      return null;
    }
  }

  /** The names at places of one base type. */
  private final class Names extends TypeIdResolverBase {
    Names(JavaType base) {
      super(base, null);
    }

    @Override
    public JavaType typeFromId(DatabindContext context, String name) throws IOException {
      Class<?> type = find(name);
      if (type == null || !_baseType.isTypeOrSuperTypeOf(type)) {
        throw JsonMappingException.from(
            (DeserializationContext) context,
            "it names the class %s as %s, which is not allowed; a class of your own, or another of"
                    .formatted(name, _baseType.getRawClass().getSimpleName())
                + " DL4J's, can be allowed to load");
      }
      return context.constructSpecializedType(_baseType, type);
    }

    @Override
    public String idFromValue(Object value) {
      return value.getClass().getName();
    }

    @Override
    public String idFromValueAndType(Object value, Class<?> type) {
      return type.getName();
    }

    @Override
    public JsonTypeInfo.Id getMechanism() {
      return JsonTypeInfo.Id.CUSTOM;
    }
  }
}
