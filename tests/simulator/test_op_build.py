# SPDX-License-Identifier: Apache-2.0
"""What op_build makes of a definition, and what it refuses."""

import configparser
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from ascend_bce.simulator import _library

DEFINITION = """
#include "register/op_def_registry.h"
namespace ops {
class %(type)s : public OpDef {
public:
    explicit %(type)s(const char* name) : OpDef(name)
    {
        %(body)s
    }
};
OP_ADD(%(type)s);
}
"""


@dataclass
class Built:
    """What a run of op_build left behind."""

    folder: Path
    result: subprocess.CompletedProcess

    def info(self, operator: str = "ThingAbc") -> dict[str, str]:
        parser = configparser.RawConfigParser()
        parser.optionxform = str
        parser.read(self.folder / "aic-ascend910b-ops-info.ini")
        return dict(parser[operator])

    def signature(self, file: str = "aclnn_thing_abc.h") -> list[str]:
        text = (self.folder / file).read_text().split("GetWorkspaceSize(")[1].split(")")[0]
        return [" ".join(parameter.split()) for parameter in text.split(",")][:-2]


def build(
    folder: Path, body: str, operator: str = "ThingAbc", compile_output: bool = True, **environment
) -> Built:
    """Compile a definition and run op_build on it, and check that what it writes compiles."""
    (folder / "definition.cpp").write_text(DEFINITION % {"type": operator, "body": body})
    include = _library.home() / "include"
    compiler = os.environ.get("CXX", "g++")
    library = folder / "libdefinitions.so"
    flags = ["-std=c++17", "-fPIC", "-shared", f"-I{include}"]
    subprocess.run([compiler, *flags, folder / "definition.cpp", "-o", library], check=True)
    op_build = _library.home() / "tools" / "opbuild" / "op_build"
    result = subprocess.run(
        [op_build, library, folder, "--compute_unit=ascend910b"],
        env=os.environ | environment, capture_output=True, text=True,
    )  # fmt: skip
    if result.returncode == 0 and compile_output:
        for source in [*folder.glob("aclnn*.cpp"), folder / "op_proto.cc"]:
            flags = ["-std=c++17", "-Wall", "-Werror", "-fsyntax-only", f"-I{include}", f"-I{include}/aclnn"]
            subprocess.run([compiler, *flags, source], check=True)
    return Built(folder, result)


FLOATS = "DataType({ge::DT_FLOAT, ge::DT_FLOAT16}).Format({ge::FORMAT_ND, ge::FORMAT_ND})"


def test_names_and_order_of_arguments(tmp_path):
    built = build(
        tmp_path,
        f"""
        Input("self_x").ParamType(REQUIRED).{FLOATS};
        Input("pos_weight").ParamType(OPTIONAL).{FLOATS};
        Input("dims").ParamType(REQUIRED).DataType({{ge::DT_INT64, ge::DT_INT64}}).ValueDepend(REQUIRED);
        Output("first_out").ParamType(REQUIRED).{FLOATS};
        Output("self_x").ParamType(REQUIRED).{FLOATS};
        Attr("reduction").AttrType(REQUIRED).Int();
        Attr("some_scale").AttrType(OPTIONAL).Float(0.5);
        Attr("keep_dims").AttrType(OPTIONAL).Bool(true);
        Attr("mode").AttrType(OPTIONAL).String("none");
        Attr("sizes").AttrType(REQUIRED).ListInt();
        Attr("scales").AttrType(OPTIONAL).ListFloat({{1.5f, 2}});
        Attr("flags").AttrType(OPTIONAL).ListBool({{true, false}});
        """,
    )
    assert built.result.returncode == 0, built.result.stderr
    assert built.signature() == [
        "aclTensor *selfXRef", "const aclTensor *posWeightOptional", "const aclIntArray *dims",
        "int64_t reduction", "double someScale", "bool keepDims", "char *modeOptional",
        "const aclIntArray *sizes", "const aclFloatArray *scalesOptional",
        "const aclBoolArray *flagsOptional", "const aclTensor *firstOutOut",
    ]  # fmt: skip
    info = built.info()
    assert info["input0.dtype"] == "float32,float16"
    assert info["input1.paramType"] == "optional"
    assert info["input2.valueDepend"] == "required"
    assert info["attr.list"] == "reduction,some_scale,keep_dims,mode,sizes,scales,flags"
    assert info["attr_some_scale.defaultValue"] == "0.5"
    assert info["attr_scales.defaultValue"] == "[1.5,2]"
    assert info["attr_flags.type"] == "listBool"
    assert info["opFile.value"] == "thing_abc"
    as_json = json.loads((tmp_path / "aic-ascend910b-ops-info.json").read_text())["ThingAbc"]
    assert as_json["input1"]["name"] == "pos_weight"


ONE_INPUT = f'Input("x").ParamType(REQUIRED).{FLOATS}; Output("y").ParamType(REQUIRED).{FLOATS};'


@pytest.mark.parametrize(
    ("environment", "file", "function"),
    [
        ({}, "aclnn_thing_abc.h", "aclnnThingAbc"),
        ({"OPS_PROJECT_NAME": "aclnnInner"}, "aclnnInner_thing_abc.h", "aclnnInnerThingAbc"),
        ({"OPS_PROJECT_NAME": "My", "OPS_DIRECT_ACCESS_PREFIX": "my"}, "My_thing_abc.h", "myThingAbc"),
    ],
)
def test_prefixes(tmp_path, environment, file, function):
    build(tmp_path, ONE_INPUT, **environment)
    assert f"aclnnStatus {function}GetWorkspaceSize(" in (tmp_path / file).read_text()


def test_aclnn_files_are_empty_when_they_are_not_wanted(tmp_path):
    build(tmp_path, ONE_INPUT, OPS_ACLNN_GEN="0")
    assert (tmp_path / "aclnn_thing_abc.h").read_text() == ""
    assert (tmp_path / "aclnn_thing_abc.cpp").read_text() == ""


@pytest.mark.parametrize(
    ("operator", "file"),
    [
        ("AddCustom", "add_custom"),
        ("Conv2DCustom", "conv2_d_custom"),
        ("GRUCell", "gru_cell"),
        ("GatherV2Custom", "gather_v2_custom"),
        ("AbcAAc", "abc_a_ac"),
        ("HTTPServerCustom", "http_server_custom"),
    ],
)
def test_kernel_names(tmp_path, operator, file):
    built = build(tmp_path, ONE_INPUT, operator, compile_output=False)
    assert built.info(operator)["opFile.value"] == file


def test_columns_of_lists_and_followers(tmp_path):
    built = build(
        tmp_path,
        """
        Input("x").ParamType(REQUIRED).DataTypeList({ge::DT_FLOAT, ge::DT_FLOAT16});
        Input("y").ParamType(REQUIRED).DataType({ge::DT_INT32, ge::DT_INT64});
        Output("z").ParamType(REQUIRED).Follow("y");
        """,
    )
    info = built.info()
    assert info["input0.dtype"] == "float32,float32,float16,float16"
    assert info["input1.dtype"] == "int32,int64,int32,int64"
    assert info["output0.dtype"] == "int32,int64,int32,int64"
    assert info["output0.format"] == "ND,ND,ND,ND"


def test_configuration_of_a_compute_unit(tmp_path):
    built = build(
        tmp_path,
        ONE_INPUT
        + """
        OpAICoreConfig config;
        config.DynamicShapeSupportFlag(true).ExtendCfgInfo("opFile.value", "other").ExtendCfgInfo("a.b", "c");
        config.Input("x").ParamType(REQUIRED).DataType({ge::DT_BF16});
        config.Output("y").ParamType(REQUIRED).DataType({ge::DT_BF16});
        AICore().AddConfig("ascend910b", config);
        """,
        compile_output=False,
    )
    info = built.info()
    assert info["input0.dtype"] == "bfloat16"
    assert (info["opFile.value"], info["a.b"], info["dynamicShapeSupport.flag"]) == ("other", "c", "true")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('Input("x").ParamType(DYNAMIC).DataType({ge::DT_FLOAT});', "parameter x: lists of tensors"),
        ('Input("x").ParamType(REQUIRED).DataType({ge::DT_FLOAT}).Scalar();', "parameter x: Scalar()"),
        ('Input("x").ParamType(REQUIRED);', "parameter x: no DataType was set"),
        (ONE_INPUT + 'Input("b").ParamType(REQUIRED).DataType({ge::DT_BF16});', "parameter b: it has 1 data"),
        (ONE_INPUT + 'Input("b").ParamType(REQUIRED).Follow("no");', "parameter b: it follows no, which"),
        (ONE_INPUT + 'Attr("a");', "attribute a: set its type"),
        ("", "has neither inputs nor outputs"),
        ('Input("x").ParamType(REQUIRED).DataType({ge::DT_STRING});', "parameter x: DT_STRING is not"),
    ],
)
def test_refusals_name_the_parameter(tmp_path, body, text):
    result = build(tmp_path, body).result
    assert result.returncode == 1
    assert text in result.stderr
    assert "operator ThingAbc" in result.stderr


def test_libraries_without_operators_are_refused(tmp_path):
    op_build = _library.home() / "tools" / "opbuild" / "op_build"
    missing = subprocess.run([op_build, tmp_path / "no.so", tmp_path], capture_output=True, text=True)
    assert missing.returncode == 1
    assert "cannot be loaded" in missing.stderr
    usage = subprocess.run([op_build], capture_output=True, text=True)
    assert usage.returncode == 1
    assert "usage:" in usage.stderr
